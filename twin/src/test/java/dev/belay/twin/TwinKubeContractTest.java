package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.contract.KubeClusterContract;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;

/** The contract every Kubernetes port keeps, on the twin. */
class TwinKubeContractTest extends KubeClusterContract {

    private final Ports ports = SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")))
            .connect()
            .ports();

    @Override
    protected KubeCluster kube() {
        return ports.kube();
    }

    @Override
    protected NodeName controlPlane() {
        return new NodeName("cp1");
    }

    @Override
    protected NodeName worker() {
        return new NodeName("w2");
    }

    @Override
    protected StepClock clock() {
        return ports.clock();
    }
}
