package dev.belay.activities.steps;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.model.run.FailureKind;
import java.time.Duration;

/** A short command that root runs on a host, and whose failure the world may heal. */
public final class RootCommand {

    private RootCommand() {}

    /**
     * What it said; TRANSIENT/COMMAND_FAILED when it ends with anything but 0.
     *
     * @param next what a person does when it goes on failing
     */
    public static CommandOutput run(Host host, Duration limit, String next, String... argv) {
        CommandOutput output = host.run(Command.root(argv).within(limit));
        if (!output.ok()) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "COMMAND_FAILED",
                    host.node() + ": `" + String.join(" ", argv) + "` ended with " + output.exit() + ": "
                            + (output.out() + output.err()).strip(),
                    next);
        }
        return output;
    }
}
