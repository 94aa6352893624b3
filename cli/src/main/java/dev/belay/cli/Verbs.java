package dev.belay.cli;

import picocli.CommandLine;

/** Every verb there is, in the order {@code belay --help} shows them. */
final class Verbs {

    private Verbs() {}

    static CommandLine of(Terminal terminal) {
        CommandLine line = new CommandLine(new Main.Root());
        line.addSubcommand(new SetupVerb(terminal));
        line.addSubcommand(new StepsVerb(terminal));
        line.addSubcommand(new CompletionVerb(terminal));
        return line;
    }
}
