package dev.belay.model.plan;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the cluster when the plan was made; read again before the first move.
 *
 * @param name the inventory's name for it
 * @param uid of the kube-system namespace: tells one cluster from another
 * @param controlPlane the lowest version that any API server answered with
 * @param ahead the highest version, when API servers differ as they do in the middle of a hop
 * @param etcd versions the members answered with, by member name
 * @param nodes control planes first, in the inventory's order
 */
public record ClusterFacts(
        String name,
        String uid,
        KubernetesVersion controlPlane,
        @Nullable KubernetesVersion ahead,
        List<EtcdMemberFacts> etcd,
        List<NodeFacts> nodes) {

    public ClusterFacts {
        etcd = List.copyOf(etcd);
        nodes = List.copyOf(nodes);
    }

    public List<NodeFacts> nodes(NodeRole role) {
        return nodes.stream().filter(node -> node.role() == role).toList();
    }

    /** One etcd member: its name and the version it answered with. */
    public record EtcdMemberFacts(String name, String version) {}
}
