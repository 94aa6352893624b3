package dev.belay.activities.fake;

import dev.belay.activities.Ports;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.Backups;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.inventory.Cluster.Retention;
import dev.belay.model.inventory.Cluster.SshAccess;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Acceptance;
import dev.belay.model.plan.IgnoredPreflightError;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Two control planes and a worker, v1.33.13 on the way to v1.34.4, where nothing happens but what a test says. */
public final class FakeWorld implements Ports {

    public static final KubernetesVersion FROM = KubernetesVersion.parse("v1.33.13");
    public static final KubernetesVersion TO = KubernetesVersion.parse("v1.34.4");

    public final List<String> effects = new CopyOnWriteArrayList<>();
    public final FakeClock clock = new FakeClock();
    public final FakeEvidence evidence = new FakeEvidence();
    public final FakeEtcd etcd = new FakeEtcd();
    public final FakeKube kube = new FakeKube(effects);
    public List<IgnoredPreflightError> ignored = List.of();
    public List<Acceptance> accepted = List.of();
    public Hop hop = new Hop(0, FROM, TO, true, true, true);
    public String sourceFile = "/etc/apt/sources.list.d/k.list";
    public @Nullable Retention retention;
    public String run = "0123abcd";
    public Map<String, Object> inputs = Map.of();
    public int redo;
    private final Map<NodeName, FakeHost> hosts = new LinkedHashMap<>();
    private final List<HostEntry> entries = new ArrayList<>();

    public FakeWorld() {
        add("cp1", NodeRole.CONTROL_PLANE);
        add("cp2", NodeRole.CONTROL_PLANE);
        add("w1", NodeRole.WORKER);
    }

    private void add(String name, NodeRole role) {
        NodeName node = new NodeName(name);
        entries.add(new HostEntry(node, role, "10.0.0.1", 22, "", null));
        hosts.put(node, new FakeHost(node, effects));
        boolean controlPlane = role == NodeRole.CONTROL_PLANE;
        kube.node(name, controlPlane, FROM.toString());
        if (controlPlane) {
            kube.apiServer(name, FROM.toString());
            etcd.member(name, "3.5.35");
        }
    }

    public FakeHost host(String node) {
        return hosts.get(new NodeName(node));
    }

    /** The context of a step of the run. */
    public StepContext context(String uses) {
        return context(uses, null);
    }

    /** The context of a step on a node. */
    public StepContext on(String node, String uses) {
        int index = entries.stream().map(HostEntry::node).toList().indexOf(new NodeName(node));
        HostEntry entry = entries.get(index);
        return context(
                uses,
                new NodeCall(
                        entry.node(),
                        entry.role().text(),
                        FROM,
                        entry.zone(),
                        index,
                        node.equals("cp1"),
                        !node.equals("cp1")));
    }

    private StepContext context(String uses, NodeCall node) {
        StepCall call = new StepCall(
                run,
                "lab",
                "sha256:p",
                "sha256:i",
                hop,
                Phase.PREP,
                node,
                "it",
                uses,
                redo,
                Map.of(),
                null,
                inputs,
                Map.of(),
                Duration.ofMinutes(10),
                3,
                null);
        return new StepContext(call, inventory(), hosts(), etcd, kube, evidence, clock, () -> {});
    }

    @Override
    public Cluster inventory() {
        return new Cluster(
                "lab",
                "lab",
                new Reference("file:/k"),
                new SshAccess("ops", new Reference("file:/id"), null, new Reference("file:/known"), null),
                entries,
                new Packages("http://repo/core:/stable:/v{minor}/deb/", "/etc/apt/keyrings/k.gpg", sourceFile, "1.1"),
                new Backups(new Reference("file:/backups"), null, retention, null),
                ignored,
                accepted);
    }

    @Override
    public Hosts hosts() {
        return node -> {
            FakeHost host = hosts.get(node);
            if (host == null) {
                throw StepFailure.of(
                        FailureKind.PERMANENT, "UNKNOWN_NODE", node + " is not in the inventory", "add it");
            }
            return host;
        };
    }

    @Override
    public EtcdCluster etcd() {
        return etcd;
    }

    @Override
    public KubeCluster kube() {
        return kube;
    }

    @Override
    public Evidence evidence() {
        return evidence;
    }

    @Override
    public FakeClock clock() {
        return clock;
    }

    @Override
    public void close() {}
}
