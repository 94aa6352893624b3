package dev.belay.cli;

import dev.belay.model.run.CommandKind;
import picocli.CommandLine.Command;

/** The verbs that tell a run something, one class each. */
final class CommandVerbs {

    private CommandVerbs() {}

    @Command(name = "pause", description = "Starts no further step; running ones finish.")
    static final class Pause extends CommandVerb {
        Pause(Terminal terminal) {
            super(terminal, CommandKind.PAUSE);
        }
    }

    @Command(name = "resume", description = "Goes on after a pause.")
    static final class Resume extends CommandVerb {
        Resume(Terminal terminal) {
            super(terminal, CommandKind.RESUME);
        }
    }

    @Command(name = "retry", description = "Tries a parked step again, after its cause was mended.")
    static final class Retry extends StepCommandVerb {
        Retry(Terminal terminal) {
            super(terminal, CommandKind.RETRY);
        }
    }

    @Command(name = "skip", description = "Counts a parked step as satisfied without doing it. Needs a reason.")
    static final class Skip extends StepCommandVerb {
        Skip(Terminal terminal) {
            super(terminal, CommandKind.SKIP);
        }
    }

    @Command(name = "reject", description = "Says no to what a run asks; it parks. Needs a reason.")
    static final class Reject extends StepCommandVerb {
        Reject(Terminal terminal) {
            super(terminal, CommandKind.REJECT);
        }
    }

    @Command(
            name = "abort",
            description =
                    "Lets running steps finish, then takes back what steps declared (cordons, holds, the lock), newest"
                            + " first, and ends the run. Versions stay as they are. Needs a reason.")
    static final class Abort extends CommandVerb {
        Abort(Terminal terminal) {
            super(terminal, CommandKind.ABORT);
        }
    }
}
