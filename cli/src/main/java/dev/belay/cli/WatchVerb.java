package dev.belay.cli;

import dev.belay.cli.text.Situation;
import java.util.Optional;
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
        Optional<Situation> last = new Follower(terminal(), Interrupts.taken(), beside).attend(run, onPark, back(run));
        last.filter(seen -> beside).ifPresent(seen -> print("", seen.view()));
        return last.map(seen -> Endings.of(seen.view().status())).orElse(Exit.OK);
    }
}
