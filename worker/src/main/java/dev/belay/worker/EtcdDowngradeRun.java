package dev.belay.worker;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.EtcdDowngrade;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.Runbook;
import dev.belay.workflows.client.RunReport;
import java.util.Map;

/** The plan of the run that takes etcd back live to the minor it had before a climb; Kubernetes stays. */
public final class EtcdDowngradeRun {

    private EtcdDowngradeRun() {}

    /**
     * The plan, from what is known of the climb where it stands.
     *
     * @param runbook that leads the downgrade
     */
    public static Plan plan(RunReport climb, Runbook runbook, Cluster inventory) {
        Hop hop = RestoreRun.hop(climb);
        String to = EtcdDowngrade.of(hop).orElseThrow().toMinor();
        return RestoreRun.plan(climb, Hop.standing(hop.to()), runbook, inventory, Map.entry("to", to));
    }
}
