package dev.belay.cli;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.Reply;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.Runbook;
import dev.belay.worker.EtcdDowngradeRun;
import dev.belay.worker.RestoreRun;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import java.util.function.BiConsumer;

/** A way back that is led by a runbook of its own: the climb is given up, if it is under way, and another run begun. */
record WayBackStart(Terminal terminal, BiConsumer<String, Object> print) {

    static final String RESTORE = "etcd-restore.yaml";
    static final String ETCD_DOWNGRADE = "etcd-downgrade.yaml";

    Exit start(RunHandle run, RunReport report, Command command, Cluster inventory) {
        boolean live = command.rung() == Rung.ETCD_DOWNGRADE;
        Runbook runbook = Documents.shipped(live ? ETCD_DOWNGRADE : RESTORE);
        Plan plan =
                live ? EtcdDowngradeRun.plan(report, runbook, inventory) : RestoreRun.plan(report, runbook, inventory);
        String where = live ? "etcd " + plan.inputs().get("to") : plan.to().toString();
        RunInput input = RunInput.of(plan, inventory.site(), command.actor(), command.reason(), command.ticket());
        Start.check(input);
        giveUp(run, report, command);
        String started = Start.of(run.connection(), input);
        Reply reply = new Reply(
                true,
                "run " + started + " takes " + inventory.name() + " back to " + where
                        + "; it asks two people before it touches anything");
        print.accept(reply.why() + "\nwatch it with: belay watch " + started + "\n", reply);
        return Exit.OK;
    }

    private void giveUp(RunHandle run, RunReport report, Command command) {
        if (report.view().status().isClosed()) {
            return;
        }
        Reply reply = RunClient.command(run.connection().client(), run.workflowId(), run.temporalRunId(), command);
        if (!reply.accepted()) {
            throw Stop.refused("refused: " + reply.why());
        }
        terminal.err().println("run " + run.run() + " ends; running steps finish first");
        run.connection().client().newUntypedWorkflowStub(run.workflowId()).getResult(RunState.class);
    }
}
