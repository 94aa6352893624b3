package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.StepFailure;
import dev.belay.activities.contract.EtcdSpaceContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.List;

/** The contract of space on the twin, written to through its API. */
class TwinEtcdSpaceTest extends EtcdSpaceContract {

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private final Ports ports = cluster.connect().ports();

    @Override
    protected EtcdCluster etcd() {
        return ports.etcd();
    }

    @Override
    protected StepClock clock() {
        return ports.clock();
    }

    @Override
    protected List<String> names() {
        return List.of("cp1", "cp2", "cp3");
    }

    @Override
    protected void write() {
        ports.kube().apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: written, namespace: default}\n");
    }

    @Override
    protected boolean tryToWrite() {
        try {
            write();
            return true;
        } catch (StepFailure refused) {
            return false;
        }
    }

    @Override
    protected void fill() {
        synchronized (cluster.world()) {
            cluster.world().etcd().members().forEach(cluster.world().etcd().space()::fill);
        }
    }
}
