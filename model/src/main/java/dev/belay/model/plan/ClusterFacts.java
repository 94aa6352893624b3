package dev.belay.model.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the cluster when the plan was made; read again before the first move.
 *
 * @param name the inventory's name for it
 * @param uid of the kube-system namespace: tells one cluster from another
 * @param controlPlane the lowest version that any API server answered with
 * @param ahead the highest version, when API servers differ as they do in the middle of a hop
 * @param etcd versions the members answered with, by member name
 * @param nodes control planes first, in the inventory's order; of these the ones of etcd's newer minor, where members differ
 * @param etcdHosts hosts of an external etcd, in the inventory's order; empty when the control planes run it
 */
public record ClusterFacts(
        String name,
        String uid,
        KubernetesVersion controlPlane,
        @Nullable KubernetesVersion ahead,
        List<EtcdMemberFacts> etcd,
        List<NodeFacts> nodes,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NodeName> etcdHosts) {

    public ClusterFacts {
        etcd = List.copyOf(etcd);
        nodes = List.copyOf(nodes);
        etcdHosts = etcdHosts == null ? List.of() : List.copyOf(etcdHosts);
    }

    /** Of a cluster whose control planes run etcd. */
    public ClusterFacts(
            String name,
            String uid,
            KubernetesVersion controlPlane,
            @Nullable KubernetesVersion ahead,
            List<EtcdMemberFacts> etcd,
            List<NodeFacts> nodes) {
        this(name, uid, controlPlane, ahead, etcd, nodes, List.of());
    }

    /** The same with other nodes, or in another order. */
    public ClusterFacts with(List<NodeFacts> others) {
        return new ClusterFacts(name, uid, controlPlane, ahead, etcd, others, etcdHosts);
    }

    /** What groups of steps can visit: the nodes, then the hosts of an external etcd, which count as being of the control plane's version. */
    public List<NodeFacts> hosts() {
        Stream<NodeFacts> external =
                etcdHosts.stream().map(host -> new NodeFacts(host, NodeRole.ETCD, controlPlane, "", true, true));
        return Stream.concat(nodes.stream(), external).toList();
    }

    /** Those of {@link #hosts()} that have a role. */
    List<NodeFacts> hosts(NodeRole role) {
        return hosts().stream().filter(host -> host.role() == role).toList();
    }

    public boolean hasExternalEtcd() {
        return !etcdHosts.isEmpty();
    }

    public List<NodeFacts> nodes(NodeRole role) {
        return nodes.stream().filter(node -> node.role() == role).toList();
    }

    /** Members of an older minor of etcd than another one has: they rise when their control plane does. */
    Set<String> membersBehind() {
        return etcd.stream()
                .filter(member -> etcd.stream().anyMatch(member::isBehind))
                .map(EtcdMemberFacts::name)
                .collect(Collectors.toSet());
    }

    /** One etcd member: its name and the version it answered with. */
    public record EtcdMemberFacts(String name, String version) {

        private boolean isBehind(EtcdMemberFacts other) {
            return EtcdVersion.tryParse(version)
                    .flatMap(own -> EtcdVersion.tryParse(other.version).map(own::isOfOlderMinorThan))
                    .orElse(false);
        }
    }
}
