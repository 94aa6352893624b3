package dev.belay.cli;

import picocli.CommandLine.Mixin;

/** A verb about one run. */
abstract class RunVerb extends Verb {

    @Mixin
    private final ServerChoice server = new ServerChoice();

    RunVerb(Terminal terminal) {
        super(terminal);
    }

    /** Which run: its digits, or {@code @latest}. */
    abstract String reference();

    /** Does the work on the run that was named. */
    abstract Exit on(RunHandle run);

    /** What watches this run from another terminal, or later. */
    final String back(RunHandle run) {
        return server.watch(run);
    }

    @Override
    final Exit run() {
        try (Servers servers = Servers.ask(terminal(), server)) {
            return on(servers.find(reference()));
        }
    }
}
