package dev.belay.activities;

import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import java.util.Objects;

/**
 * What a step works with: the call, the inventory, and the ports. An eighth component needs an ADR.
 *
 * @param heartbeat to be called between polls; throws when the step must stop
 */
public record StepContext(
        StepCall call,
        Cluster inventory,
        Hosts hosts,
        EtcdCluster etcd,
        KubeCluster kube,
        Evidence evidence,
        StepClock clock,
        Runnable heartbeat) {

    /** The node of a per-node step. */
    public NodeName node() {
        return nodeCall().name();
    }

    public NodeCall nodeCall() {
        return Objects.requireNonNull(call.node(), "a per-node step was called without a node");
    }

    /** The host of a per-node step. */
    public Host host() {
        return hosts.on(node());
    }

    /** What every cordon, label, annotation, lease and remote file of this run carries. */
    public String mark() {
        return "belay-" + call.run();
    }
}
