package dev.belay.cli.text;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.util.ArrayList;
import java.util.List;

/** What it costs to leave a run standing: nodes that take no pods, mixed versions, and who is locked out. */
final class WaitCost {

    private WaitCost() {}

    static String of(RunView view) {
        List<String> costs = new ArrayList<>();
        List<String> cordoned = view.nodes().stream()
                .filter(node -> !node.schedulable())
                .map(node -> node.name().value())
                .toList();
        if (!cordoned.isEmpty()) {
            costs.add("no new pods on " + Places.of(cordoned));
        }
        costs.add(versions(view));
        if (!view.effects().isEmpty()) {
            costs.add("the cluster's lock is held, so no other run can start");
        }
        return String.join("; ", costs);
    }

    private static String versions(RunView view) {
        HopView hop = view.hops().get(HopLine.current(view));
        StepState controlPlane = hop.phases().stream()
                .filter(phase -> phase.name() == Phase.CONTROL_PLANE)
                .map(PhaseView::state)
                .findFirst()
                .orElse(StepState.PENDING);
        if (hop.from().equals(hop.to())) {
            return "versions are as they were";
        }
        if (controlPlane == StepState.PENDING) {
            return "everything still runs " + hop.from();
        }
        if (!controlPlane.isSatisfied()) {
            List<String> down = down(view);
            return "the control plane is between " + hop.from() + " and " + hop.to()
                    + (down.isEmpty()
                            ? ": it serves, but is meant to stay so for hours, not days"
                            : ", static pods are stopped on " + Places.of(down) + ": what they serve is away");
        }
        return "API servers at " + hop.to() + " over kubelets of " + String.join(" and ", minors(view.nodes()))
                + ": supported, also for weeks";
    }

    /** Nodes on which a restore has stopped more than it has started again. */
    private static List<String> down(RunView view) {
        return view.nodes().stream()
                .map(Node::name)
                .filter(node -> done(view, node, "staticPods.stop") > done(view, node, "staticPods.start"))
                .map(NodeName::value)
                .toList();
    }

    private static long done(RunView view, NodeName node, String uses) {
        return view.steps().stream()
                .filter(step -> step.uses().equals(uses)
                        && node.equals(step.node())
                        && step.state().isSatisfied())
                .count();
    }

    private static List<String> minors(List<Node> nodes) {
        return nodes.stream()
                .map(Node::version)
                .sorted()
                .map(KubernetesVersion::minorText)
                .distinct()
                .toList();
    }
}
