package dev.belay.worker;

import dev.belay.activities.StepCatalogue;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.WayBack;
import dev.belay.model.runbook.Runbook;
import dev.belay.workflows.client.RunReport;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The plan of the run that restores what a climb has kept. */
public final class RestoreRun {

    private RestoreRun() {}

    /**
     * The plan, from what is known of the climb where it stands.
     *
     * @param runbook that leads the restore
     */
    public static Plan plan(RunReport climb, Runbook runbook, Cluster inventory) {
        String snapshot = String.valueOf(climb.snapshot().get("sha256"));
        return plan(climb, WayBack.before(hop(climb)), runbook, inventory, Map.entry("snapshot", snapshot));
    }

    /** What every run that takes a climb back is made of, and one thing more that its runbook must know. */
    static Plan plan(RunReport climb, Hop back, Runbook runbook, Cluster inventory, Map.Entry<String, String> more) {
        Map<String, String> inputs = Map.ofEntries(
                Map.entry("set", climb.backupSet()),
                Map.entry("climb", climb.state().run()),
                more);
        return WayBack.plan(
                        climb.state().plan(),
                        back,
                        runbook,
                        inventory,
                        now(climb),
                        inputs,
                        StepCatalogue.shipped().signatures())
                .clear();
    }

    static Hop hop(RunReport climb) {
        return Objects.requireNonNull(climb.hop(), "a run with a snapshot has a hop");
    }

    private static List<NodeFacts> now(RunReport climb) {
        return climb.view().nodes().stream()
                .map(node ->
                        new NodeFacts(node.name(), node.role(), node.version(), "", node.schedulable(), node.ready()))
                .toList();
    }
}
