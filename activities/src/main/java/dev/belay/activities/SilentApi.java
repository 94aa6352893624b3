package dev.belay.activities;

import dev.belay.activities.host.Host;
import dev.belay.activities.steps.InstalledPackage;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Blocker;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.NodeFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A cluster whose API gives no answer, as the inventory and its hosts have it: manifests say the API servers' version, dpkg the kubelets'. */
final class SilentApi {

    static final String RULE = "api-silent";

    private final Ports ports;
    private final StepFailure why;
    private final List<Blocker> silences = new ArrayList<>();

    SilentApi(Ports ports, StepFailure why) {
        this.ports = ports;
        this.why = why;
    }

    ClusterInspection inspection() {
        Cluster inventory = ports.inventory();
        silences.add(new Blocker(
                RULE,
                inventory.name(),
                "its API gives no answer (" + why.failure().why()
                        + "), so that the plan rests on the inventory and what its hosts say;"
                        + " whether the nodes are those of the cluster, Ready or cordoned, is not known",
                why.failure().next()));
        Map<HostEntry, KubernetesVersion> servers = answers(inventory.hosts(NodeRole.CONTROL_PLANE), SilentApi::server);
        if (servers.isEmpty()) {
            throw why;
        }
        KubernetesVersion lowest = Collections.min(servers.values());
        KubernetesVersion highest = Collections.max(servers.values());
        ClusterFacts facts = new ClusterFacts(
                inventory.name(),
                "",
                lowest,
                highest.equals(lowest) ? null : highest,
                ClusterInspection.etcd(ports, silences),
                nodes(lowest),
                ClusterInspection.externalEtcd(inventory));
        return new ClusterInspection(facts, silences);
    }

    /** A host that gives no answer either counts as being of the control plane's version; that it gave none is told. */
    private List<NodeFacts> nodes(KubernetesVersion lowest) {
        Map<HostEntry, KubernetesVersion> kubelets = answers(ports.inventory().nodes(), SilentApi::kubelet);
        List<NodeFacts> nodes = new ArrayList<>();
        for (NodeRole role : List.of(NodeRole.CONTROL_PLANE, NodeRole.WORKER)) {
            for (HostEntry entry : ports.inventory().hosts(role)) {
                nodes.add(new NodeFacts(
                        entry.node(), role, kubelets.getOrDefault(entry, lowest), entry.zone(), true, false));
            }
        }
        return nodes;
    }

    private Map<HostEntry, KubernetesVersion> answers(
            List<HostEntry> hosts, Function<Host, Optional<KubernetesVersion>> question) {
        Map<HostEntry, KubernetesVersion> answers = new TreeMap<>(Comparator.comparing(HostEntry::node));
        for (HostEntry entry : hosts) {
            try {
                question.apply(ports.hosts().on(entry.node())).ifPresent(version -> answers.put(entry, version));
            } catch (StepFailure e) {
                silences.add(ClusterInspection.silent(entry, e));
            }
        }
        return answers;
    }

    private static Optional<KubernetesVersion> server(Host host) {
        return StaticPods.of(host).pod("kube-apiserver").flatMap(StaticPods.StaticPod::version);
    }

    private static Optional<KubernetesVersion> kubelet(Host host) {
        return InstalledPackage.version(host, "kubelet").flatMap(InstalledPackage::upstream);
    }
}
