package dev.belay.activities;

import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.ClusterConfiguration;
import dev.belay.activities.steps.Pem;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Blocker;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import dev.belay.model.plan.NodeFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a plan rests on, read without changing anything: the facts of the cluster, and what stands in the way of reaching it. Nodes that only
 * the inventory or only the API knows are the planner's to judge.
 *
 * @param facts a member of etcd that gave no answer has an empty version
 * @param blockers hosts that cannot be reached, hosts of another cluster than the kubeconfig's, members that give no answer
 */
public record ClusterInspection(ClusterFacts facts, List<Blocker> blockers) {

    private static final String CA = "/etc/kubernetes/pki/ca.crt";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SILENT = "";
    private static final String HOST = "host-access";
    private static final String ETCD = "etcd-unreachable";

    public ClusterInspection {
        blockers = List.copyOf(blockers);
    }

    /** The facts alone. Throws when the API gives none. */
    public static ClusterFacts read(Ports ports) {
        return of(ports).facts();
    }

    /**
     * As {@link #of}, for maintenance, which may have to mend what keeps the API from answering: then the facts are those of the inventory and
     * its hosts, and that silence is told. Throws when no control plane says its version.
     */
    public static ClusterInspection evenOfSilentApi(Ports ports) {
        try {
            return of(ports);
        } catch (StepFailure e) {
            return new SilentApi(ports, e).inspection();
        }
    }

    /** Facts and blockers. Throws only when the API itself cannot be asked: there are no facts then. */
    public static ClusterInspection of(Ports ports) {
        List<Blocker> blockers = new ArrayList<>();
        String uid = ports.kube().uid();
        List<KubeNode> nodes = ports.kube().nodes();
        access(ports, blockers);
        topology(ports, blockers);
        List<KubernetesVersion> servers = ports.kube().apiServers(controlPlanes(nodes));
        KubernetesVersion lowest = servers.get(0);
        KubernetesVersion highest = servers.get(servers.size() - 1);
        ClusterFacts facts = new ClusterFacts(
                ports.inventory().name(),
                uid,
                lowest,
                highest.equals(lowest) ? null : highest,
                etcd(ports, blockers),
                inOrder(ports, nodes),
                externalEtcd(ports.inventory()));
        return new ClusterInspection(facts, blockers);
    }

    /**
     * These blockers and the planner's, each thing said once, in the words of whoever looked. A host that cannot be reached explains the
     * silence of its etcd; what is the same for several objects is said for all of them together.
     */
    public List<Blocker> with(List<Blocker> planned) {
        Map<List<String>, Blocker> all = new LinkedHashMap<>();
        Stream.concat(blockers.stream(), planned.stream())
                .filter(blocker -> !blocker.rule().equals(ETCD) || !isUnreached(blocker.object()))
                .forEach(blocker -> all.putIfAbsent(List.of(blocker.rule(), blocker.object()), blocker));
        return together(all.values());
    }

    /** What is the same for several objects, said for all of them together. */
    public static List<Blocker> together(Collection<Blocker> each) {
        Map<List<String>, Blocker> alike = new LinkedHashMap<>();
        each.forEach(blocker -> alike.merge(
                List.of(blocker.rule(), blocker.why(), blocker.remedy()), blocker, ClusterInspection::together));
        return List.copyOf(alike.values());
    }

    /** Says whether every control plane could be reached. */
    public boolean reachesHosts() {
        return blockers.stream().noneMatch(blocker -> blocker.rule().equals(HOST));
    }

    /** Says whether it tells of something that gave no answer. */
    public static boolean isSilence(Blocker blocker) {
        return Set.of(HOST, ETCD, SilentApi.RULE).contains(blocker.rule());
    }

    private boolean isUnreached(String node) {
        return blockers.stream()
                .anyMatch(blocker ->
                        blocker.rule().equals(HOST) && blocker.object().equals(node));
    }

    private static Blocker together(Blocker one, Blocker other) {
        return new Blocker(one.rule(), one.object() + ", " + other.object(), one.why(), one.remedy());
    }

    /** Asks each control plane for the cluster's CA and compares it with the one the API publishes. */
    private static void access(Ports ports, List<Blocker> blockers) {
        Set<String> published = ports.kube()
                .configMap("kube-system", "kube-root-ca.crt")
                .map(data -> Pem.fingerprints(data.getOrDefault("ca.crt", "").getBytes(StandardCharsets.UTF_8)))
                .orElse(Set.of());
        for (HostEntry entry : ports.inventory().hosts(NodeRole.CONTROL_PLANE)) {
            try {
                Set<String> own = ports.hosts()
                        .on(entry.node())
                        .read(CA)
                        .map(Pem::fingerprints)
                        .orElse(Set.of());
                if (own.stream().noneMatch(published::contains)) {
                    blockers.add(otherCluster(ports, entry));
                }
            } catch (StepFailure e) {
                blockers.add(silent(entry, e));
            }
        }
    }

    private static void topology(Ports ports, List<Blocker> blockers) {
        boolean external = ports.inventory().hasExternalEtcd();
        if (saysExternal(ports).filter(says -> says != external).isPresent()) {
            blockers.add(new Blocker(
                    "etcd-topology",
                    ports.inventory().name(),
                    external
                            ? "the inventory has hosts with role: etcd, and kubeadm-config says that the control planes run etcd"
                            : "kubeadm-config says that etcd is external, and the inventory has no host with role: etcd",
                    external
                            ? "take them out of the inventory, or correct the section etcd of kubeadm-config"
                            : "list the hosts of its members under hosts, each with role: etcd and its member's name"));
        }
    }

    /** Empty where kubeadm's record is missing or cannot be read, which {@code check.versions} tells. */
    private static Optional<Boolean> saysExternal(Ports ports) {
        try {
            return Optional.of(ClusterConfiguration.of(ports.kube()).hasExternalEtcd());
        } catch (StepFailure e) {
            return Optional.empty();
        }
    }

    static Blocker silent(HostEntry entry, StepFailure failure) {
        return blocker(HOST, entry.node().value(), failure);
    }

    private static Blocker otherCluster(Ports ports, HostEntry entry) {
        return new Blocker(
                "other-cluster",
                entry.node().value(),
                CA + " on " + entry.address() + " is not the CA of the cluster that "
                        + ports.inventory().kubeconfig() + " leads to",
                "make kubeconfig and hosts of the inventory mean the same cluster");
    }

    static List<EtcdMemberFacts> etcd(Ports ports, List<Blocker> blockers) {
        try {
            return ports.etcd().members().stream()
                    .map(member -> new EtcdMemberFacts(member.name(), version(ports, member, blockers)))
                    .toList();
        } catch (StepFailure e) {
            List<HostEntry> expected = ports.inventory().etcdHosts();
            expected.forEach(entry -> blockers.add(blocker(ETCD, entry.node().value(), e)));
            return expected.stream()
                    .map(entry -> new EtcdMemberFacts(entry.node().value(), SILENT))
                    .toList();
        }
    }

    static List<NodeName> externalEtcd(Cluster inventory) {
        return inventory.hasExternalEtcd() ? inventory.etcdMembers() : List.of();
    }

    private static String version(Ports ports, EtcdMember member, List<Blocker> blockers) {
        try {
            return ports.etcd().status(member).version();
        } catch (StepFailure e) {
            blockers.add(blocker(ETCD, member.name(), e));
            return SILENT;
        }
    }

    private static Blocker blocker(String rule, String object, StepFailure failure) {
        return new Blocker(
                rule, object, failure.failure().why(), failure.failure().next());
    }

    private static List<NodeName> controlPlanes(List<KubeNode> nodes) {
        return nodes.stream().filter(KubeNode::controlPlane).map(KubeNode::name).toList();
    }

    private static List<NodeFacts> inOrder(Ports ports, List<KubeNode> nodes) {
        List<NodeName> order =
                ports.inventory().hosts().stream().map(HostEntry::node).toList();
        return nodes.stream()
                .sorted(Comparator.comparing((KubeNode node) -> !node.controlPlane())
                        .thenComparing(node -> place(order, node.name()))
                        .thenComparing(KubeNode::name))
                .map(node -> facts(ports, node))
                .toList();
    }

    private static int place(List<NodeName> order, NodeName name) {
        int at = order.indexOf(name);
        return at < 0 ? Integer.MAX_VALUE : at;
    }

    private static NodeFacts facts(Ports ports, KubeNode node) {
        String zone = ports.inventory()
                .host(node.name())
                .map(HostEntry::zone)
                .filter(given -> !given.isEmpty())
                .orElseGet(() -> node.labels().getOrDefault(ZONE, ""));
        return new NodeFacts(
                node.name(),
                node.controlPlane() ? NodeRole.CONTROL_PLANE : NodeRole.WORKER,
                node.kubelet(),
                zone,
                node.schedulable(),
                node.ready());
    }
}
