package dev.belay.bench;

import dev.belay.worker.Setup;
import dev.belay.worker.TemporalConnection;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real Temporal server of one process on loopback, its database a file; ended and removed when closed. */
final class DevServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path folder;
    private final TemporalConnection connection;

    private DevServer(Process process, Path folder, TemporalConnection connection) {
        this.process = process;
        this.folder = folder;
        this.connection = connection;
    }

    static DevServer start() throws Exception {
        Path folder = Files.createTempDirectory("belay-bench-temporal-");
        int port = freePort();
        Process process = new ProcessBuilder(
                        program(),
                        "server",
                        "start-dev",
                        "--headless",
                        "--ip",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--db-filename",
                        folder.resolve("server.db").toString(),
                        "--log-level",
                        "error")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        try {
            return new DevServer(process, folder, connected("127.0.0.1:" + port));
        } catch (Exception e) {
            process.destroy();
            throw e;
        }
    }

    TemporalConnection connection() {
        return connection;
    }

    static TemporalConnection open(String target) {
        return TemporalConnection.open(null, Map.of("TEMPORAL_ADDRESS", target, "TEMPORAL_NAMESPACE", "belay"));
    }

    private static TemporalConnection connected(String target) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                TemporalConnection connection = open(target);
                Setup.on(connection);
                return connection;
            } catch (RuntimeException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }
    }

    /** {@code TEMPORAL_BINARY}, else {@code temporal} on PATH. */
    private static String program() {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator, -1));
        return Optional.ofNullable(System.getenv("TEMPORAL_BINARY"))
                .or(() -> folders.stream()
                        .map(folder -> Path.of(folder, "temporal"))
                        .filter(Files::isExecutable)
                        .map(Path::toString)
                        .findFirst())
                .orElseThrow(() -> new IllegalStateException(
                        "no Temporal server to start: put `temporal` on PATH, or name it in TEMPORAL_BINARY"));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        connection.close();
        process.destroy();
        process.waitFor(20, TimeUnit.SECONDS);
        Folders.remove(folder);
    }
}
