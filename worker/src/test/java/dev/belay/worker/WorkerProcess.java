package dev.belay.worker;

import dev.belay.activities.StepActivity;
import dev.belay.activities.StepCatalogue;
import dev.belay.twin.Connection;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** A worker in a process of its own, that dies only by SIGKILL. */
final class WorkerProcess {

    private static final int KILLED = 128 + 9;

    private final Process process;
    private final Connection way;
    private final TwinServer twin;

    private WorkerProcess(Process process, Connection way, TwinServer twin) {
        this.process = process;
        this.way = way;
        this.twin = twin;
    }

    static WorkerProcess start(SmallClimb climb) {
        Connection way = climb.cluster().connect();
        TwinServer twin = new TwinServer(way, climb::hear);
        ProcessBuilder command = new ProcessBuilder(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        climb.server(),
                        Integer.toString(twin.port()))
                .inheritIO();
        try {
            return new WorkerProcess(command.start(), way, twin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it asked for last may still be done, as with any call that is on its way. */
    void kill() {
        try {
            int exit = process.destroyForcibly().waitFor();
            way.cut();
            twin.close();
            if (exit != KILLED) {
                throw new AssertionError("the worker was not killed, it ended with " + exit);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) {
        int twin = Integer.parseInt(arguments[1]);
        FarPorts lobby = new FarPorts(twin, "lobby");
        StepActivity steps = new StepActivity(
                StepCatalogue.shipped(),
                call -> new FarPorts(twin, UUID.randomUUID().toString()),
                lobby.notices()::hear);
        var worker = BelayWorker.start(patient(arguments[0]), lobby.inventory().site(), steps);
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
    }

    /** A machine that is busy with other tests may be late. */
    private static TemporalConnection patient(String server) {
        for (int left = 5; left > 0; left--) {
            try {
                return TemporalConnection.embedded(server);
            } catch (ServerProblem late) {
                System.err.println(late.getMessage());
            }
        }
        return TemporalConnection.embedded(server);
    }
}
