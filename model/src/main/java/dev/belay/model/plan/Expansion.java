package dev.belay.model.plan;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.TypedStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps that follow from a plan: what is shown to a person before, and what the run goes through. */
public final class Expansion {
    public static final String NONE_NEEDED = "none needed";
    public static final String UNDONE_BY_BELAY = "undone by belay";
    public static final String POINT_OF_NO_RETURN = "point of no return";

    private Expansion() {}

    /**
     * Every step of every hop, phase and node, in an order in which they may run one after the other: a step comes after those it needs, else
     * as the runbook has them; a group goes through its batches node by node. Evaluates conditions, so not for workflow code.
     */
    public static List<PlannedStep> steps(Plan plan) {
        List<PlannedStep> planned = new ArrayList<>();
        Map<NodeName, NodeCall> calls = nodeCalls(plan.cluster());
        for (Hop hop : plan.hops()) {
            for (Phase phase : Phase.values()) {
                new Walk(plan, hop, phase, calls, new Foresight(plan, hop, null), planned)
                        .over(plan.runbook().phase(phase));
            }
        }
        return List.copyOf(planned);
    }

    /** A node as steps and expressions see it: its place is counted among the nodes of its role, in the cluster's order. */
    public static NodeCall nodeCall(ClusterFacts cluster, NodeFacts node) {
        NodeCall call = nodeCalls(cluster).get(node.name());
        if (call == null) {
            throw new IllegalArgumentException(node.name() + " is not a node of " + cluster.name());
        }
        return call;
    }

    /** Every node as {@link #nodeCall} gives it, for clusters of thousands. */
    public static Map<NodeName, NodeCall> nodeCalls(ClusterFacts cluster) {
        Map<NodeName, NodeCall> calls = new LinkedHashMap<>();
        for (NodeRole role : NodeRole.values()) {
            List<NodeFacts> peers = cluster.hosts(role);
            for (int i = 0; i < peers.size(); i++) {
                NodeFacts node = peers.get(i);
                boolean last = i == peers.size() - 1;
                calls.put(
                        node.name(),
                        new NodeCall(node.name(), role.text(), node.version(), node.zone(), i, i == 0, last));
            }
        }
        return calls;
    }

    /** How long one step usually takes: nothing for an approval, since people are not estimated. */
    static Duration estimate(Plan plan, Step step, Foresight foresight) {
        if (step instanceof TypedStep typed) {
            return signature(plan, typed).estimate();
        }
        return step instanceof SoakStep soak ? foresight.lasts(soak) : Duration.ZERO;
    }

    private static StepSignature signature(Plan plan, TypedStep step) {
        StepSignature signature = plan.signatures().get(step.uses());
        if (signature == null) {
            throw new IllegalArgumentException("the plan holds no signature of " + step.uses());
        }
        return signature;
    }

    private record Walk(
            Plan plan,
            Hop hop,
            Phase phase,
            Map<NodeName, NodeCall> calls,
            Foresight foresight,
            List<PlannedStep> planned) {
        void over(List<Step> steps) {
            for (Step step : StepGraph.of(steps).topological()) {
                if (step instanceof GroupStep group) {
                    over(group, foresight.skips(group));
                } else {
                    planned.add(planned(step, null, foresight, false));
                }
            }
        }

        private void over(GroupStep group, boolean skipped) {
            List<Step> steps = StepGraph.of(group.steps()).topological();
            for (List<NodeFacts> batch :
                    Batches.of(group.forEach(), plan.cluster().hosts())) {
                for (NodeFacts node : batch) {
                    Foresight ofNode = new Foresight(plan, hop, calls.get(node.name()));
                    steps.forEach(step -> planned.add(planned(step, node, ofNode, skipped)));
                }
            }
        }

        private PlannedStep planned(Step step, @Nullable NodeFacts node, Foresight known, boolean skipped) {
            return new PlannedStep(
                    step.id(),
                    hop.to(),
                    phase,
                    node == null ? null : node.name(),
                    uses(step),
                    estimate(plan, step, known),
                    undo(step),
                    skipped || known.skips(step));
        }

        private String undo(Step step) {
            if (!(step instanceof TypedStep typed) || !signature(plan, typed).effect()) {
                return NONE_NEEDED;
            }
            return signature(plan, typed).undoable() ? UNDONE_BY_BELAY : POINT_OF_NO_RETURN;
        }

        private static String uses(Step step) {
            if (step instanceof TypedStep typed) {
                return typed.uses();
            }
            return step instanceof ApprovalStep ? "approval" : "soak";
        }
    }
}
