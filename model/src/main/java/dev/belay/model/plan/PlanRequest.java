package dev.belay.model.plan;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.StepSignature;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a plan is made of.
 *
 * @param cluster as it was seen
 * @param target as typed, such as {@code v1.34.4}
 * @param via versions to pass through, as typed
 * @param offers what the package repositories have; the newest is taken where {@code via} names none
 * @param set inputs given by {@code --set}
 * @param signatures of every step type there is, by name
 */
public record PlanRequest(
        Runbook runbook,
        Cluster inventory,
        ClusterFacts cluster,
        String target,
        List<String> via,
        Offers offers,
        Map<String, String> set,
        Map<String, StepSignature> signatures) {
    public PlanRequest {
        via = List.copyOf(via);
        set = new TreeMap<>(set);
        signatures = new TreeMap<>(signatures);
    }

    /** To a target with nothing chosen on the way: the newest known versions, the runbook's own inputs. */
    public static PlanRequest of(
            Runbook runbook,
            Cluster inventory,
            ClusterFacts cluster,
            String target,
            Map<String, StepSignature> signatures) {
        return new PlanRequest(runbook, inventory, cluster, target, List.of(), Offers.NONE, Map.of(), signatures);
    }

    /** The same with what the repositories answered. */
    public PlanRequest with(Offers answered) {
        return new PlanRequest(runbook, inventory, cluster, target, via, answered, set, signatures);
    }
}
