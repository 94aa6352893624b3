package dev.belay.cli;

import dev.belay.worker.Setup;
import dev.belay.worker.TemporalConnection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "setup",
        description =
                "Makes what Belay needs on a Temporal server: the namespace and the search attributes. Safe to repeat.")
final class SetupVerb extends Verb {

    @Mixin
    private final ServerChoice server = new ServerChoice();

    SetupVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        try (TemporalConnection connection = server.open(terminal())) {
            List<String> report = Setup.on(connection);
            String text = connection.target() + "\n" + String.join("\n", report) + "\n";
            print(text, new Made(connection.target(), connection.namespace(), report));
        }
        return Exit.OK;
    }

    /** As {@code -o json} prints it. */
    private record Made(String server, String namespace, List<String> report) {}
}
