package dev.belay.model.plan;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.kubernetes.VersionSkew;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands in the way at the nodes: inventory and API must name the same ones, each ready and within reach of the API servers. */
record NodeFindings(Cluster inventory, ClusterFacts cluster) {

    List<Blocker> blockers() {
        List<Blocker> blockers = new ArrayList<>(strangers());
        blockers.addAll(unwell());
        return blockers;
    }

    /** Nodes that are not Ready, or out of step with the API servers. */
    List<Blocker> unwell() {
        List<Blocker> unwell = new ArrayList<>();
        cluster.nodes().stream()
                .filter(node -> !node.ready())
                .forEach(node -> unwell.add(blocker(
                        "node-not-ready",
                        node,
                        "it is not Ready",
                        "find out why, or remove it from cluster and inventory")));
        VersionSkew.kubelets(cluster.controlPlane(), kubelets()).stream()
                .map(Blocker::of)
                .forEach(unwell::add);
        return unwell;
    }

    /** Where inventory and API do not speak of the same nodes. */
    List<Blocker> strangers() {
        List<Blocker> strangers = new ArrayList<>();
        Set<NodeName> seen = new LinkedHashSet<>();
        for (NodeFacts node : cluster.nodes()) {
            if (!seen.add(node.name())) {
                strangers.add(blocker("node-twice", node, "it was seen twice in the API", "look at kubectl get nodes"));
            }
            known(node).ifPresent(strangers::add);
        }
        inventory.nodes().stream()
                .filter(host -> !seen.contains(host.node()))
                .forEach(host -> strangers.add(notInTheCluster(host)));
        return strangers;
    }

    List<Blocker> warnings() {
        List<Blocker> warnings = new ArrayList<>();
        cluster.nodes().stream()
                .filter(node -> !node.schedulable())
                .forEach(node -> warnings.add(blocker(
                        "node-cordoned",
                        node,
                        "it is cordoned already, and stays so after the climb",
                        "uncordon it, unless that is meant")));
        int controlPlanes = cluster.nodes(NodeRole.CONTROL_PLANE).size();
        if (controlPlanes == 1) {
            warnings.add(new Blocker(
                    "one-control-plane",
                    cluster.name(),
                    "the API is away while the only control plane is upgraded",
                    "choose an hour in which that is accepted"));
        } else if (controlPlanes == 2) {
            warnings.add(new Blocker(
                    "two-control-planes",
                    cluster.name(),
                    "with two etcd members the loss of either stops the API",
                    "add a third control plane, or choose an hour in which that is accepted"));
        }
        return warnings;
    }

    /** Kubelets that could not speak to the API servers of the first hop. */
    List<Blocker> outOfReachOf(KubernetesVersion target) {
        return VersionSkew.kubelets(target, kubelets()).stream()
                .filter(finding -> finding.rule().equals("skew-kubelet-older"))
                .map(Blocker::of)
                .toList();
    }

    private Optional<Blocker> known(NodeFacts node) {
        Optional<HostEntry> host = inventory.host(node.name());
        if (host.isEmpty()) {
            return Optional.of(blocker(
                    "node-not-in-inventory",
                    node,
                    "it is a node of the cluster but no host of the inventory",
                    "add it under hosts, or remove it from the cluster"));
        }
        return host.filter(entry -> entry.role() != node.role())
                .map(entry -> blocker(
                        "role-mismatch",
                        node,
                        "the inventory calls it " + entry.role().text() + ", the cluster "
                                + node.role().text(),
                        "correct its role in the inventory"));
    }

    private Blocker notInTheCluster(HostEntry host) {
        return new Blocker(
                "host-not-in-cluster",
                host.node().value(),
                "it is a host of the inventory but no node of the cluster",
                "join it, or take it out of the inventory; is this the kubeconfig of " + inventory.name() + "?");
    }

    private Map<NodeName, KubernetesVersion> kubelets() {
        Map<NodeName, KubernetesVersion> kubelets = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> kubelets.put(node.name(), node.version()));
        return kubelets;
    }

    private static Blocker blocker(String rule, NodeFacts node, String why, String remedy) {
        return new Blocker(rule, node.name().value(), why, remedy);
    }
}
