package dev.belay.model.plan;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.kubernetes.Hop;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps that follow from a plan: what is shown to a person before, and what the run goes through. */
public final class Expansion {
    public static final String NONE_NEEDED = "none needed";
    public static final String UNDONE_BY_BELAY = "undone by belay";
    public static final String POINT_OF_NO_RETURN = "point of no return";

    private Expansion() {}

    /**
     * Every step of every hop, phase and node, in an order in which they may run one after the other: a step comes after those it needs, else
     * as the runbook has them; a group goes through its batches node by node. Steps with a condition are among them: whether it holds is known
     * when they are reached.
     */
    public static List<PlannedStep> steps(Plan plan) {
        List<PlannedStep> planned = new ArrayList<>();
        for (Hop hop : plan.hops()) {
            for (Phase phase : Phase.values()) {
                new Walk(plan, hop, phase, planned).over(plan.runbook().phase(phase));
            }
        }
        return List.copyOf(planned);
    }

    /** A node as steps and expressions see it: its place is counted among the nodes of its role, in the cluster's order. */
    public static NodeCall nodeCall(ClusterFacts cluster, NodeFacts node) {
        List<NodeFacts> peers = cluster.nodes(node.role());
        int index = peers.indexOf(node);
        if (index < 0) {
            throw new IllegalArgumentException(node.name() + " is not a node of " + cluster.name());
        }
        return new NodeCall(node.name(), node.role().text(), node.zone(), index, index == 0, index == peers.size() - 1);
    }

    private record Walk(Plan plan, Hop hop, Phase phase, List<PlannedStep> planned) {
        void over(List<Step> steps) {
            for (Step step : StepGraph.of(steps).topological()) {
                if (step instanceof GroupStep group) {
                    over(group);
                } else {
                    planned.add(plan(step, null));
                }
            }
        }

        private void over(GroupStep group) {
            List<Step> steps = StepGraph.of(group.steps()).topological();
            for (List<NodeFacts> batch :
                    Batches.of(group.forEach(), plan.cluster().nodes())) {
                for (NodeFacts node : batch) {
                    steps.forEach(step -> planned.add(plan(step, node)));
                }
            }
        }

        private PlannedStep plan(Step step, @Nullable NodeFacts node) {
            return new PlannedStep(
                    step.id(),
                    hop.to(),
                    phase,
                    node == null ? null : node.name(),
                    uses(step),
                    estimate(step),
                    undo(step));
        }

        private Duration estimate(Step step) {
            if (step instanceof TypedStep typed) {
                return signature(typed).estimate();
            }
            return step instanceof SoakStep soak ? SoakTime.of(soak, plan.inputs()) : Duration.ZERO;
        }

        private String undo(Step step) {
            if (!(step instanceof TypedStep typed) || !signature(typed).effect()) {
                return NONE_NEEDED;
            }
            return signature(typed).undoable() ? UNDONE_BY_BELAY : POINT_OF_NO_RETURN;
        }

        private StepSignature signature(TypedStep step) {
            StepSignature signature = plan.signatures().get(step.uses());
            if (signature == null) {
                throw new IllegalArgumentException("the plan holds no signature of " + step.uses());
            }
            return signature;
        }

        private static String uses(Step step) {
            if (step instanceof TypedStep typed) {
                return typed.uses();
            }
            return step instanceof ApprovalStep ? "approval" : "soak";
        }
    }
}
