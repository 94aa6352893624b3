package dev.belay.model.plan;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.Backups;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.inventory.Cluster.SshAccess;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.runbook.Batch;
import dev.belay.model.runbook.ForEach;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.InputSpec;
import dev.belay.model.runbook.NodeSet;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.TypedStep;
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
                "lab", "uid-1", v(version), null, List.of(new EtcdMemberFacts("cp1", "3.5.35")), List.of(nodes));
    }

    static StepSignature signature(String uses, boolean effect, boolean undoable, String estimate) {
        return new StepSignature(
                uses,
                uses,
                true,
                effect,
                undoable,
                false,
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

    /** An inventory of hosts written like nodes. */
    static Cluster inventory(String... hosts) {
        Reference key = new Reference("file:${LAB_HOME}/key");
        List<HostEntry> entries = nodes(hosts).stream()
                .map(node -> new HostEntry(node.name(), node.role(), node.name() + ".example", 22, node.zone(), null))
                .toList();
        return new Cluster(
                "lab",
                "lab",
                new Reference("file:${LAB_HOME}/admin.conf"),
                new SshAccess("ops", key, null, new Reference("file:${LAB_HOME}/known_hosts"), null),
                entries,
                new Packages("http://packages.example/v{minor}/deb/", "/etc/keyring.gpg", "/etc/k.list", "1.1"),
                new Backups(new Reference("file:${LAB_HOME}/backups")),
                List.of(new IgnoredPreflightError("Swap", "the machine has swap", "lab")),
                List.of());
    }

    /** A check, then a group over all workers that acts. */
    static Runbook runbook(Map<String, InputSpec> inputs) {
        return runbook(inputs, Purpose.UPGRADE);
    }

    static Runbook runbook(Map<String, InputSpec> inputs, Purpose purpose) {
        ForEach workers = new ForEach(NodeSet.WORKERS, 0, 0, null, null, Batch.ONE);
        return new Runbook(
                "test",
                "1.0.0",
                "",
                purpose,
                inputs,
                null,
                3,
                OnFailure.PARK,
                List.of(step("look", "check")),
                List.of(),
                List.of(new GroupStep("pool", List.of(), null, workers, List.of(step("do", "act")))),
                List.of());
    }

    static TypedStep step(String id, String uses, String... needs) {
        return new TypedStep(id, List.of(needs), null, uses, Map.of(), null, null, OnFailure.PARK);
    }

    static TypedStep when(String id, String uses, String condition) {
        return new TypedStep(id, List.of(), condition, uses, Map.of(), null, null, OnFailure.PARK);
    }
}
