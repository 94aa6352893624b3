package dev.belay.cli;

import dev.belay.model.run.CommandKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command for one step that stands. */
abstract class StepCommandVerb extends CommandVerb {

    @Option(names = "--step", paramLabel = "ID", description = "Which step; may be left out when only one stands")
    private @Nullable String step;

    @Option(names = "--node", paramLabel = "NAME", description = "On which node")
    private @Nullable String node;

    StepCommandVerb(Terminal terminal, CommandKind kind) {
        super(terminal, kind);
    }

    @Override
    @Nullable
    String step() {
        return step;
    }

    @Override
    @Nullable
    String node() {
        return node;
    }
}
