package dev.belay.cli;

import dev.belay.cli.Follower.Ending;
import dev.belay.cli.text.Situation;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "watch", description = "Follows a run; Ctrl-C leaves it alone and ends the watching.")
final class WatchVerb extends LookVerb {

    @Mixin
    private final OnPark onPark = new OnPark();

    WatchVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit on(RunHandle run) {
        boolean beside = format() != Format.TEXT;
        Situation first = Looks.at(run);
        Follower follower = new Follower(terminal(), Interrupts.taken(), beside);
        Ending ending = follower.follow(() -> Looks.at(run), status -> onPark.ends() && Follower.needsPerson(status));
        follower.leave();
        Situation last = Objects.requireNonNullElse(follower.last(), first);
        if (ending == Ending.INTERRUPTED) {
            say("\nthe run goes on without you; come back with: belay watch " + run.run());
        }
        if (beside) {
            print("", last.view());
        }
        return Endings.of(last.view().status());
    }
}
