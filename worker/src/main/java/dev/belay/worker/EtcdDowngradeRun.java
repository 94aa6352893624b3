package dev.belay.worker;

import dev.belay.activities.StepCatalogue;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.EtcdDowngrade;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.WayBack;
import dev.belay.model.runbook.Runbook;
import dev.belay.workflows.client.RunReport;
import java.util.Map;
import java.util.Objects;

/** The plan of the run that takes etcd back live to the minor it had before a climb; Kubernetes stays. */
public final class EtcdDowngradeRun {

    private EtcdDowngradeRun() {}

    /**
     * The plan, from what is known of the climb where it stands.
     *
     * @param runbook that leads the downgrade
     */
    public static Plan plan(RunReport climb, Runbook runbook, Cluster inventory) {
        Hop hop = Objects.requireNonNull(climb.hop(), "a run with a snapshot has a hop");
        Map<String, String> inputs = Map.of(
                "set", RestoreRun.set(climb),
                "to", EtcdDowngrade.of(hop).orElseThrow().toMinor(),
                "climb", climb.state().run());
        return WayBack.plan(
                        climb.state().plan(),
                        Hop.standing(hop.to()),
                        runbook,
                        inventory,
                        RestoreRun.now(climb),
                        inputs,
                        StepCatalogue.shipped().signatures())
                .clear();
    }
}
