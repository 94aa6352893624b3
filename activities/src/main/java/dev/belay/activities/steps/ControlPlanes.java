package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The control planes of the inventory, asked one by one by their own addresses. */
public final class ControlPlanes {

    private ControlPlanes() {}

    public static List<NodeName> of(StepContext context) {
        return context.inventory().hosts(NodeRole.CONTROL_PLANE).stream()
                .map(HostEntry::node)
                .toList();
    }

    /** API servers that are not ready, one phrase each. */
    public static List<String> notReady(StepContext context) {
        List<String> missing = new ArrayList<>();
        for (NodeName node : of(context)) {
            ApiServerHealth health = context.kube().apiServer(node);
            if (!health.ready()) {
                missing.add("the API server of " + node + " is not ready: " + health.detail());
            }
        }
        return missing;
    }

    /** What is missing until the API server of a node is ready at a version. */
    public static List<String> missingFor(StepContext context, NodeName node, KubernetesVersion target) {
        ApiServerHealth health = context.kube().apiServer(node);
        if (!health.version().equals(Optional.of(target))) {
            String seen = health.version().map(Object::toString).orElse("nothing (" + health.detail() + ")");
            return List.of("the API server of " + node + " answers " + seen + " instead of " + target);
        }
        return health.ready() ? List.of() : List.of("the API server of " + node + " is not ready: " + health.detail());
    }

    /** What is missing until every control plane is at a version: its API server by its own address, and its manifests. */
    public static List<String> missingFor(StepContext context, KubernetesVersion target) {
        List<String> missing = new ArrayList<>();
        for (NodeName node : of(context)) {
            missing.addAll(missingFor(context, node, target));
            StaticPods.of(context.hosts().on(node)).missingFor(target).forEach(what -> missing.add(node + ": " + what));
        }
        return missing;
    }
}
