package dev.belay.cli;

import dev.belay.model.inventory.Cluster;
import dev.belay.worker.Release;
import dev.belay.worker.SiteWorker;
import dev.belay.worker.TemporalConnection;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "worker",
        description = {
            "Does the work of runs on one cluster. It may be killed and started again at any moment; several may run beside each other.",
            "Ctrl-C and SIGTERM let short steps end and let go of long ones, whose remote jobs go on."
        })
final class WorkerVerb extends Verb {

    private static final long LISTEN_MS = 15_000;

    @Mixin
    private final InventoryChoice cluster = new InventoryChoice();

    @Mixin
    private final ServerChoice server = new ServerChoice();

    WorkerVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        Cluster inventory = cluster.read();
        Map<String, String> environment = terminal().environment();
        Interrupts interrupts = Interrupts.takenWithTerm();
        try (TemporalConnection connection = server.open(terminal())) {
            connection.requireNamespace();
            try (SiteWorker worker = SiteWorker.start(connection, inventory, environment, this::say)) {
                Thread hook = new Thread(worker::close, "belay-stop");
                Runtime.getRuntime().addShutdownHook(hook);
                String said = worker.health();
                say("belay worker " + Release.version() + ": " + said);
                while (!interrupts.pressedWithin(LISTEN_MS)) {
                    said = sayChanged(said, worker.health());
                }
                Runtime.getRuntime().removeShutdownHook(hook);
                say("belay worker: letting go; remote jobs go on");
            }
        }
        return Exit.OK;
    }

    private String sayChanged(String before, String now) {
        if (!now.equals(before)) {
            say("belay worker: " + now);
        }
        return now;
    }
}
