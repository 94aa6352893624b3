package dev.belay.cli;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.cli.text.PlanText;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Reply;
import dev.belay.model.runbook.Runbook;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.AnotherRun;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay signoff}: what a restore kept beside the new data is no longer wanted. */
@picocli.CommandLine.Command(
        name = "signoff",
        description = {
            "Removes the old etcd data and the newer manifests that a restore kept on every control plane, by a run of its own.",
            "That run looks at the cluster first, and asks before it removes anything. There is no way back from it."
        })
final class SignoffVerb extends RunVerb {

    /** Beside the launcher. */
    private static final Path RUNBOOK = Path.of(System.getProperty("belay.home", "."), "runbooks", "signoff.yaml");

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run that restored: its eight hex digits, or @latest")
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
        if (!report.state().plan().goesBack()) {
            throw Stop.refused("refused: run " + run.run() + " is no restore: it has set no data aside");
        }
        if (!report.view().status().isClosed()) {
            throw Stop.refused("refused: run " + run.run() + " is not over: its old data may be needed");
        }
        if (record.reason().isBlank()) {
            throw Stop.error("signoff needs a reason, which stands on record: add --reason \"...\"");
        }
        Cluster inventory = cluster.read();
        Planned planned = planned(inventory, run.run());
        Plan plan = planned.plan();
        if (plan == null || planned.isBlocked()) {
            print(PlanText.blocked(planned.blockers(), planned.warnings(), paint()), planned.view());
            return Exit.FINDINGS;
        }
        return start(run, inventory, plan);
    }

    private Planned planned(Cluster inventory, String restore) {
        Runbook runbook = Documents.runbook(RUNBOOK.toString());
        try (RealPorts ports = new RealPorts(inventory, new Secrets(terminal().environment()))) {
            return Planned.of(runbook, ports, ClimbChoice.of(Map.of("run", restore)));
        }
    }

    private Exit start(RunHandle run, Cluster inventory, Plan plan) {
        try {
            String started = RunClient.start(
                    run.connection().client(),
                    RunInput.of(plan, inventory.site(), record.actor(), record.reason(), record.ticket()));
            Reply reply =
                    new Reply(true, "run " + started + " asks once more, then removes what run " + run.run() + " kept");
            print(reply.why() + "\nwatch it with: belay watch " + started + "\n", reply);
            return Exit.OK;
        } catch (AnotherRun e) {
            throw Stop.refused("refused: " + e.getMessage());
        }
    }
}
