package dev.belay.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb about one run. */
abstract class RunVerb extends Verb {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's eight hex digits, or @latest")
    private String reference = "";

    @Mixin
    private final ServerChoice server = new ServerChoice();

    RunVerb(Terminal terminal) {
        super(terminal);
    }

    /** Does the work on the run that was named. */
    abstract Exit on(RunHandle run);

    @Override
    final Exit run() {
        try (Servers servers = Servers.ask(terminal(), server)) {
            return on(servers.find(reference));
        }
    }
}
