package dev.belay.cli;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.Reply;
import dev.belay.workflows.client.RunClient;
import org.jspecify.annotations.Nullable;
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

    /** Sends a command and says what came of it; a refusal is on record too. */
    final Exit tell(RunHandle run, Command command) {
        Reply reply = RunClient.command(run.connection().client(), run.workflowId(), run.temporalRunId(), command);
        print(reply.accepted() ? "run " + run.run() + ": " + reply.why() + "\n" : "", reply);
        if (!reply.accepted()) {
            throw Stop.refused("refused: " + reply.why());
        }
        return Exit.OK;
    }

    /** Null when none was named. */
    static @Nullable NodeName nodeName(@Nullable String text) {
        try {
            return text == null ? null : new NodeName(text);
        } catch (IllegalArgumentException e) {
            throw Stop.error("--node: " + e.getMessage());
        }
    }
}
