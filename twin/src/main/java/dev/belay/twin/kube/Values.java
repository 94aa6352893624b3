package dev.belay.twin.kube;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API's objects as values, as they lie in a snapshot.
 *
 * @param lock who holds the Lease {@code kube-system/belay}; empty for nobody
 * @param others keys of objects of which only their being there is kept
 */
record Values(
        List<Node> nodes,
        List<Workload> workloads,
        List<Pod> pods,
        List<Disruption> budgets,
        Map<String, Map<String, String>> configMaps,
        List<String> namespaces,
        String storageClass,
        String lock,
        List<String> signingRequests,
        List<String> others) {

    record Node(
            NodeName name,
            boolean controlPlane,
            String internalIp,
            String runtime,
            KubernetesVersion kubelet,
            boolean ready,
            boolean unschedulable,
            Map<String, String> labels,
            Map<String, String> annotations) {}

    record Workload(
            Owner.Kind kind, String namespace, String name, int desired, int generation, PodTemplate template) {}

    /**
     * One pod.
     *
     * @param owner key of its workload; empty for none
     * @param node empty when it is not bound
     * @param startedAt null when its containers do not run
     * @param ended its phase when it has run to its end
     */
    record Pod(
            String namespace,
            String name,
            String uid,
            PodTemplate template,
            boolean mirror,
            String owner,
            String node,
            @Nullable Instant startedAt,
            boolean terminating,
            String ended,
            String log) {}

    record Disruption(String namespace, String name, Map<String, String> selector, Budget.Limit limit) {}
}
