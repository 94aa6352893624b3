package dev.belay.model.plan;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.StepSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A plan that takes one hop of a climb back, by a runbook of its own: nodes and names are the climb's, since the API may not answer now. */
public final class WayBack {

    private WayBack() {}

    /** The hop downwards. */
    public static Hop before(Hop hop) {
        return new Hop(0, hop.to(), hop.from(), true, true, false);
    }

    /**
     * The plan, or what stops it.
     *
     * @param climb whose hop is taken back
     * @param back where it leads: {@link #before} a hop, or a hop that stands
     * @param now its nodes as they are seen now
     * @param set values of the runbook's inputs
     * @param all signatures of every step type there is, by name
     */
    public static PlanResult plan(
            Plan climb,
            Hop back,
            Runbook runbook,
            Cluster inventory,
            List<NodeFacts> now,
            Map<String, String> set,
            Map<String, StepSignature> all) {
        Inputs inputs = Inputs.of(runbook, set);
        Map<String, StepSignature> signatures = new TreeMap<>(all);
        signatures.keySet().retainAll(runbook.uses());
        Plan open = new Plan(
                runbook,
                CanonicalJson.digest(runbook),
                cluster(climb.cluster(), now),
                CanonicalJson.digest(inventory),
                inventory.ignorePreflightErrors(),
                inventory.people(),
                back.from(),
                back.to(),
                List.of(back),
                inputs.values(),
                signatures,
                "");
        List<Blocker> blockers = new ArrayList<>(inputs.blockers());
        blockers.addAll(new ApprovalFindings(runbook, open.signers()).blockers());
        return new PlanResult(open.with(Planner.digest(open)), blockers, List.of());
    }

    private static ClusterFacts cluster(ClusterFacts before, List<NodeFacts> now) {
        return before.with(now);
    }
}
