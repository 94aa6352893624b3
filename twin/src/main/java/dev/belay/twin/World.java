package dev.belay.twin;

import dev.belay.activities.StepFailure;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.kube.Api;
import dev.belay.twin.kube.Lock;
import dev.belay.twin.kube.Manifests;
import dev.belay.twin.kube.SigningRequests;
import dev.belay.twin.machine.Kubeadm;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.pki.ClusterPki;
import dev.belay.twin.time.Seed;
import dev.belay.twin.time.VirtualTime;
import java.util.Map;
import java.util.TreeMap;

/** Everything there is. Whoever touches it holds its monitor. It cannot be copied nor set back: time and revisions only go on. */
record World(
        Cluster inventory,
        VirtualTime time,
        Seed seed,
        EtcdRing etcd,
        Api api,
        Manifests manifests,
        Lock lock,
        SigningRequests signingRequests,
        ClusterPki pki,
        Kubeadm kubeadm,
        Map<NodeName, Machine> machines,
        Map<String, byte[]> evidence) {

    World {
        machines = new TreeMap<>(machines);
    }

    Machine machine(NodeName name) {
        Machine machine = machines.get(name);
        if (machine == null) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "NODE_NOT_IN_INVENTORY",
                    "node " + name + " is not among the hosts of the inventory of cluster " + inventory.name(),
                    "add it to the inventory's hosts");
        }
        return machine;
    }
}
