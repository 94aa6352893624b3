package dev.belay.cli;

import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(name = "completion", description = "Prints a completion script for bash and zsh: source <(belay completion)")
final class CompletionVerb extends Verb {

    CompletionVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        String script = AutoComplete.bash("belay", Verbs.of(terminal()));
        print(script, Map.of("script", script));
        return Exit.OK;
    }
}
