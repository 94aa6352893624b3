package dev.belay.cli;

import dev.belay.cli.text.PlanText;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Reply;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay signoff}: what a restore kept beside the new data is no longer wanted. */
@picocli.CommandLine.Command(
        name = "signoff",
        description = {
            "Removes the old etcd data and the newer manifests that a restore, or the replacement of an etcd member, kept on the control planes, by a run of its own.",
            "That run looks at the cluster first, and asks before it removes anything. There is no way back from it."
        })
final class SignoffVerb extends RunVerb {

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run that restored or replaced: its eight hex digits, or @latest")
    private String reference = "";

    @Mixin
    private final InventoryChoice cluster = new InventoryChoice();

    @Mixin
    private final OnRecord record = new OnRecord();

    SignoffVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    String reference() {
        return reference;
    }

    @Override
    Exit on(RunHandle run) {
        RunReport report = RunClient.report(run.connection().client(), run.workflowId(), run.temporalRunId());
        if (!setsAside(report.state().plan())) {
            throw Stop.refused("refused: run " + run.run()
                    + " is no restore and replaced no etcd member: it has set no data aside");
        }
        if (!report.view().status().isClosed()) {
            throw Stop.refused("refused: run " + run.run() + " is not over: its old data may be needed");
        }
        if (record.reason().isBlank()) {
            throw Stop.error("signoff needs a reason, which stands on record: add --reason \"...\"");
        }
        Cluster inventory = cluster.read();
        Planned planned = Planned.of(
                Documents.shipped("signoff.yaml"), inventory, terminal(), ClimbChoice.of(Map.of("run", run.run())));
        Plan plan = planned.plan();
        if (plan == null || planned.isBlocked()) {
            print(PlanText.blocked(planned.blockers(), planned.warnings(), paint()), planned.view());
            return Exit.FINDINGS;
        }
        return start(run, inventory, plan);
    }

    private static boolean setsAside(Plan plan) {
        return plan.goesBack()
                || Expansion.steps(plan).stream().anyMatch(step -> step.uses().equals("etcd.replaceMember"));
    }

    private Exit start(RunHandle run, Cluster inventory, Plan plan) {
        String started = Start.of(
                run.connection(),
                RunInput.of(plan, inventory.site(), record.actor(), record.reason(), record.ticket()));
        Reply reply =
                new Reply(true, "run " + started + " asks once more, then removes what run " + run.run() + " kept");
        print(reply.why() + "\nwatch it with: belay watch " + started + "\n", reply);
        return Exit.OK;
    }
}
