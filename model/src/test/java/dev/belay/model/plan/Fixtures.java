package dev.belay.model.plan;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.runbook.StepSignature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Clusters and signatures as tests write them. */
final class Fixtures {
    private Fixtures() {}

    static KubernetesVersion v(String text) {
        return KubernetesVersion.parse(text);
    }

    /** {@code cp1}: a control plane; {@code w1}: a worker; {@code w1@a}: a worker in zone a. */
    static NodeFacts node(String text, String version) {
        String[] parts = text.split("@", 2);
        NodeRole role = parts[0].startsWith("cp") ? NodeRole.CONTROL_PLANE : NodeRole.WORKER;
        String zone = parts.length == 2 ? parts[1] : "";
        return new NodeFacts(new NodeName(parts[0]), role, v(version), zone, true, true);
    }

    static List<NodeFacts> nodes(String... texts) {
        return Arrays.stream(texts).map(text -> node(text, "v1.33.13")).toList();
    }

    static List<NodeFacts> workers(int count) {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            nodes.add(node("w" + i, "v1.33.13"));
        }
        return nodes;
    }

    static ClusterFacts cluster(String version, NodeFacts... nodes) {
        return new ClusterFacts(
                "lab", "uid-1", v(version), List.of(new EtcdMemberFacts("cp1", "3.5.35")), List.of(nodes));
    }

    static StepSignature signature(String uses, boolean effect, boolean undoable, String estimate) {
        return new StepSignature(
                uses,
                uses,
                true,
                effect,
                undoable,
                effect ? "did" : "",
                Duration.ofMinutes(10),
                Duration.parse(estimate),
                Map.of(),
                Map.of());
    }

    static List<List<String>> names(List<List<NodeFacts>> batches) {
        return batches.stream()
                .map(batch -> batch.stream().map(node -> node.name().value()).toList())
                .toList();
    }
}
