package dev.belay.cli;

import dev.belay.cli.text.ShowText;
import dev.belay.cli.text.Situation;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        description = "One screen: what stands, since when, why, what was done, what waiting costs, what to type next.")
final class ShowVerb extends LookVerb {

    ShowVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit on(RunHandle run) {
        Situation situation = Looks.at(run);
        print(ShowText.of(situation, paint(), Screen.columns(terminal())), situation.view());
        return Exit.OK;
    }
}
