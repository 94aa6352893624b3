package dev.belay.cli.text;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

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
        costs.add(versions(view.nodes()));
        if (!view.effects().isEmpty()) {
            costs.add("the cluster's lock is held, so no other run can start");
        }
        return String.join("; ", costs);
    }

    private static String versions(Collection<Node> nodes) {
        SortedSet<String> controlPlane = minors(nodes, NodeRole.CONTROL_PLANE);
        SortedSet<String> all = minors(nodes, NodeRole.WORKER);
        all.addAll(controlPlane);
        if (all.size() == 1) {
            return "every kubelet is of minor " + all.first() + ", nothing ages";
        }
        return "kubelets of minors " + String.join(" and ", all)
                + " beside each other: supported for weeks, up to three minors (two before 1.28) below the API server";
    }

    private static SortedSet<String> minors(Collection<Node> nodes, NodeRole role) {
        TreeSet<String> minors = new TreeSet<>();
        nodes.stream()
                .filter(node -> node.role() == role)
                .map(Node::version)
                .map(KubernetesVersion::minorText)
                .forEach(minors::add);
        return minors;
    }
}
