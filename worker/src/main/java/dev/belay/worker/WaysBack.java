package dev.belay.worker;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.Runbook;
import dev.belay.workflows.client.RunReport;

/** The rungs that a runbook of their own leads, by a run of their own: the climb is over then. */
public record WaysBack(Runbook restore, Runbook etcdDowngrade) {

    static boolean lead(Rung rung) {
        return rung == Rung.RESTORE || rung == Rung.ETCD_DOWNGRADE;
    }

    Plan plan(Rung rung, RunReport climb, Cluster inventory) {
        return rung == Rung.RESTORE
                ? RestoreRun.plan(climb, restore, inventory)
                : EtcdDowngradeRun.plan(climb, etcdDowngrade, inventory);
    }
}
