package dev.belay.cli;

import dev.belay.activities.StepCatalogue;
import dev.belay.cli.text.StepsText;
import dev.belay.model.runbook.StepSignature;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "steps", description = "Lists the step types a runbook can use, or describes one of them.")
final class StepsVerb extends Verb {

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Such as node.drain")
    private @Nullable String name;

    StepsVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        Map<String, StepSignature> signatures = StepCatalogue.shipped().signatures();
        String wanted = name;
        if (wanted == null) {
            List<StepSignature> all = List.copyOf(signatures.values());
            print(StepsText.list(all, paint()), Map.of("steps", all));
            return Exit.OK;
        }
        StepSignature one = signatures.get(wanted);
        if (one == null) {
            throw Stop.error("there is no step type \"" + wanted + "\"; `belay steps` lists them");
        }
        print(StepsText.one(one, paint()), one);
        return Exit.OK;
    }
}
