package dev.belay.workflows.client;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Nodes as the plan saw them, with what the run's own steps have changed since. The cluster itself is not asked. */
final class NodesSeen {

    private static final Set<String> KUBELET = Set.of("node.upgradeKubelet", "node.restore");
    private static final Set<String> READY = Set.of("node.awaitReady", "verify.nodes");
    private static final String CORDON = "node.cordon";
    private static final String UNCORDON = "node.uncordon";

    private NodesSeen() {}

    static List<Node> of(Plan plan, List<StepRecord> steps) {
        List<Node> nodes = new ArrayList<>();
        for (NodeFacts facts : plan.cluster().nodes()) {
            nodes.add(node(facts, steps));
        }
        return nodes;
    }

    private static Node node(NodeFacts facts, List<StepRecord> steps) {
        KubernetesVersion version = facts.version();
        boolean schedulable = facts.schedulable();
        boolean ready = facts.ready();
        for (StepRecord step : steps) {
            ready = ready || sawReady(step, facts);
            if (!facts.name().equals(step.node())) {
                continue;
            }
            boolean happened = happened(step);
            version = happened && KUBELET.contains(step.uses()) ? step.hop() : version;
            schedulable = schedulable(step, happened, schedulable);
        }
        return new Node(facts.name(), facts.role(), version, schedulable, ready);
    }

    /** A look at all nodes is a look at this one. */
    private static boolean sawReady(StepRecord step, NodeFacts facts) {
        return happened(step)
                && READY.contains(step.uses())
                && (step.node() == null || facts.name().equals(step.node()));
    }

    private static boolean happened(StepRecord step) {
        return step.state() == StepState.DONE || step.state() == StepState.ALREADY_DONE;
    }

    private static boolean schedulable(StepRecord step, boolean happened, boolean before) {
        if (step.uses().equals(CORDON)) {
            return happened ? false : before || step.state() == StepState.UNDONE;
        }
        return before || (happened && step.uses().equals(UNCORDON));
    }
}
