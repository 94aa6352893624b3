package dev.belay.cli;

import dev.belay.cli.text.PlanText;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.Runbook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description =
                "Looks at the cluster, changes nothing, and shows every step, what stops it, and how it is taken back.")
final class PlanVerb extends Verb {

    @Parameters(index = "0", paramLabel = "RUNBOOK", description = "Such as runbooks/kubeadm-minor.yaml")
    private String runbook = "";

    @Mixin
    private final InventoryChoice cluster = new InventoryChoice();

    @Mixin
    private final ClimbChoice climb = new ClimbChoice();

    PlanVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        Runbook read = Documents.runbook(runbook);
        Planned planned = Planned.of(read, cluster.read(), terminal(), climb);
        print(text(planned), planned.view());
        return planned.isBlocked() ? Exit.FINDINGS : Exit.OK;
    }

    private String text(Planned planned) {
        Plan plan = planned.plan();
        return plan == null
                ? PlanText.blocked(planned.blockers(), planned.warnings(), paint())
                : PlanText.of(plan, planned.steps(), planned.blockers(), planned.warnings(), paint());
    }
}
