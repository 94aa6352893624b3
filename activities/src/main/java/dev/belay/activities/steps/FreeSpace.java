package dev.belay.activities.steps;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.model.run.FailureKind;

/** The room on a file system of a host, in bytes, as {@code df} has it. */
public final class FreeSpace {

    private FreeSpace() {}

    /** What is free where a path is; PERMANENT/COMMAND_FAILED when df says no number. */
    public static long on(Host host, String path) {
        return read(host, ask(host, path));
    }

    /** The same, when it is for the caller to judge whether df answered at all. */
    public static CommandOutput ask(Host host, String path) {
        return host.run(Command.root("df", "-B1", "--output=avail,size", path));
    }

    public static long read(Host host, CommandOutput output) {
        String last = output.out().strip().lines().reduce("", (a, b) -> b).strip();
        String first = last.split("\\s+", 2)[0];
        if (!output.ok() || !first.matches("\\d{1,18}")) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "COMMAND_FAILED",
                    host.node() + ": df says \"" + (output.out() + output.err()).strip() + "\"",
                    "run `df -B1 --output=avail,size` on " + host.node());
        }
        return Long.parseLong(first);
    }
}
