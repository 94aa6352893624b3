package dev.belay.twin.kube;

import dev.belay.model.kubernetes.NodeName;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The scheduler: the least loaded node that takes the pod and has none of its owner's, else the least loaded that takes it. */
final class Placement {

    private final Map<NodeName, ApiNode> nodes;
    private final NavigableSet<ApiNode> byLoad = new TreeSet<>(
            Comparator.comparingInt((ApiNode node) -> node.pods().size()).thenComparing(ApiNode::name));

    Placement(Map<NodeName, ApiNode> nodes) {
        this.nodes = nodes;
    }

    void add(ApiNode node) {
        byLoad.add(node);
    }

    void remove(ApiNode node) {
        byLoad.remove(node);
    }

    void bind(ApiPod pod, ApiNode node) {
        byLoad.remove(node);
        pod.bind(node);
        byLoad.add(node);
    }

    void unbind(ApiPod pod, ApiNode node) {
        byLoad.remove(node);
        node.pods().remove(pod);
        byLoad.add(node);
    }

    Optional<ApiNode> nodeFor(ApiPod pod) {
        String fixed = pod.template().nodeName();
        if (!fixed.isEmpty()) {
            return Optional.ofNullable(nodes.get(new NodeName(fixed)));
        }
        return byLoad.stream()
                .filter(node -> node.takes(pod.template()) && !holdsSibling(node, pod))
                .findFirst()
                .or(() -> byLoad.stream()
                        .filter(node -> node.takes(pod.template()))
                        .findFirst());
    }

    private static boolean holdsSibling(ApiNode node, ApiPod pod) {
        return pod.owner()
                .map(owner -> node.pods().stream().anyMatch(owner.pods()::contains))
                .orElse(false);
    }
}
