package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.contract.HostContract;
import dev.belay.activities.host.Hosts;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;

/** The contract every host keeps, on the twin. */
class TwinHostContractTest extends HostContract {

    private final Ports ports = SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")))
            .connect()
            .ports();
    private int keys;

    @Override
    protected Hosts hosts() {
        return ports.hosts();
    }

    @Override
    protected NodeName node() {
        return new NodeName("w1");
    }

    @Override
    protected String folder() {
        return "/root";
    }

    @Override
    protected String newKey() {
        return "contract/" + ++keys;
    }

    /** The twin has no connections of its own: a cut that heals at once leaves nothing to see. One that stays is a fault of a step. */
    @Override
    protected void cutConnection() {}
}
