package dev.belay.activities.fake;

import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** An API with the objects a test puts there. */
public final class FakeKube implements KubeCluster {

    private final List<String> effects;
    public final TreeMap<NodeName, KubeNode> nodes = new TreeMap<>();
    public final List<KubePod> pods = new ArrayList<>();
    public final List<Workload> workloads = new ArrayList<>();
    public final List<DisruptionBudget> budgets = new ArrayList<>();
    public final TreeMap<String, Map<String, String>> configMaps = new TreeMap<>();
    public final TreeMap<NodeName, ApiServerHealth> apiServers = new TreeMap<>();
    public final Map<String, Deque<Eviction>> evictions = new LinkedHashMap<>();
    public final List<String> applied = new ArrayList<>();
    public final TreeMap<String, String> logs = new TreeMap<>();
    public Consumer<String> onApply = manifests -> {};
    public Optional<String> storageClass = Optional.empty();
    public List<String> signingRequests = List.of();
    public Optional<String> leaseHolder = Optional.empty();
    public int unavailable;
    public boolean untrusted;

    FakeKube(List<String> effects) {
        this.effects = effects;
    }

    public void node(String name, boolean controlPlane, String version) {
        node(new KubeNode(
                new NodeName(name),
                controlPlane,
                KubernetesVersion.parse(version),
                true,
                true,
                "",
                "10.0.0.1",
                "containerd://1.7.28",
                Map.of(),
                Map.of()));
    }

    public void node(KubeNode node) {
        nodes.put(node.name(), node);
    }

    public void apiServer(String name, String version) {
        apiServers.put(
                new NodeName(name), new ApiServerHealth(Optional.of(KubernetesVersion.parse(version)), true, ""));
    }

    public static KubePod pod(String namespace, String name, String node, String owner) {
        return new KubePod(
                namespace,
                name,
                "uid-" + name,
                node,
                owner,
                false,
                false,
                "Running",
                true,
                false,
                Duration.ofSeconds(30),
                Map.of("app", name),
                List.of("registry.k8s.io/pause:3.10"),
                List.of("2026-11-21T00:00:00Z"));
    }

    @Override
    public String uid() {
        answer();
        return "uid-1";
    }

    @Override
    public List<KubeNode> nodes() {
        answer();
        return List.copyOf(nodes.values());
    }

    @Override
    public Optional<KubeNode> node(NodeName name) {
        answer();
        return Optional.ofNullable(nodes.get(name));
    }

    @Override
    public ApiServerHealth apiServer(NodeName controlPlane) {
        return apiServers.getOrDefault(
                controlPlane, new ApiServerHealth(Optional.empty(), false, "connection refused"));
    }

    @Override
    public boolean cordon(NodeName node, String mark) {
        answer();
        KubeNode seen = nodes.get(node);
        if (!seen.schedulable()) {
            return false;
        }
        effects.add("cordon " + node);
        node(marked(seen, false, Map.of("belay.dev/cordoned-by", mark)));
        return true;
    }

    @Override
    public boolean uncordon(NodeName node, String mark) {
        answer();
        KubeNode seen = nodes.get(node);
        if (!mark.equals(seen.annotations().get("belay.dev/cordoned-by"))) {
            return false;
        }
        effects.add("uncordon " + node);
        node(marked(seen, true, Map.of()));
        return true;
    }

    public static KubeNode marked(KubeNode node, boolean schedulable, Map<String, String> annotations) {
        return new KubeNode(
                node.name(),
                node.controlPlane(),
                node.kubelet(),
                node.ready(),
                schedulable,
                node.pressures(),
                node.internalIp(),
                node.runtime(),
                node.labels(),
                annotations);
    }

    public static KubeNode kubelet(KubeNode node, String version, boolean ready) {
        return new KubeNode(
                node.name(),
                node.controlPlane(),
                KubernetesVersion.parse(version),
                ready,
                node.schedulable(),
                node.pressures(),
                node.internalIp(),
                node.runtime(),
                node.labels(),
                node.annotations());
    }

    @Override
    public List<KubePod> podsOn(NodeName node) {
        answer();
        return pods.stream().filter(pod -> pod.node().equals(node.value())).toList();
    }

    @Override
    public List<KubePod> pods(String namespace, Map<String, String> labels) {
        answer();
        return pods.stream()
                .filter(pod -> pod.namespace().equals(namespace))
                .filter(pod -> pod.labels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    @Override
    public Eviction evict(KubePod pod) {
        answer();
        Deque<Eviction> scripted = evictions.getOrDefault(pod.toString(), new ArrayDeque<>());
        Eviction eviction =
                scripted.isEmpty() ? new Eviction(Eviction.Answer.ACCEPTED, "", Duration.ZERO) : scripted.poll();
        effects.add("evict " + pod + " " + eviction.answer());
        if (eviction.answer() == Eviction.Answer.ACCEPTED) {
            pods.removeIf(other -> other.uid().equals(pod.uid()));
        }
        return eviction;
    }

    @Override
    public List<Workload> workloads() {
        answer();
        return List.copyOf(workloads);
    }

    @Override
    public List<DisruptionBudget> disruptionBudgets() {
        answer();
        return List.copyOf(budgets);
    }

    @Override
    public Optional<Map<String, String>> configMap(String namespace, String name) {
        answer();
        return Optional.ofNullable(configMaps.get(namespace + "/" + name));
    }

    @Override
    public List<String> pendingSigningRequests() {
        answer();
        return signingRequests;
    }

    @Override
    public Optional<String> defaultStorageClass() {
        answer();
        return storageClass;
    }

    @Override
    public void apply(String manifests) {
        answer();
        effects.add("apply");
        applied.add(manifests);
        onApply.accept(manifests);
    }

    @Override
    public void delete(String manifests, Duration timeout) {
        answer();
        effects.add("delete");
    }

    @Override
    public String log(String namespace, String pod) {
        answer();
        return logs.getOrDefault(namespace + "/" + pod, "");
    }

    @Override
    public Optional<String> acquireLease(String holder, String note) {
        answer();
        if (leaseHolder.isPresent() && !leaseHolder.get().equals(holder)) {
            return leaseHolder;
        }
        leaseHolder = Optional.of(holder);
        effects.add("lease " + holder);
        return Optional.empty();
    }

    @Override
    public void releaseLease(String holder) {
        answer();
        if (leaseHolder.filter(holder::equals).isPresent()) {
            effects.add("release " + holder);
            leaseHolder = Optional.empty();
        }
    }

    private void answer() {
        if (untrusted) {
            throw StepFailure.of(
                    FailureKind.PERMANENT, "API_UNTRUSTED", "its certificate has expired", "look at the certificates");
        }
        if (unavailable > 0) {
            unavailable--;
            throw StepFailure.of(
                    FailureKind.TRANSIENT, "API_UNAVAILABLE", "no API server answers", "look at the API servers");
        }
    }
}
