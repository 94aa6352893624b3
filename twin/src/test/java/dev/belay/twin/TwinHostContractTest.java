package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.contract.HostContract;
import dev.belay.activities.host.Hosts;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;

/** The contract of hosts on the twin. */
class TwinHostContractTest extends HostContract {

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.small(KubernetesVersion.parse("v1.33.13")));
    private Ports ports = cluster.connect().ports();
    private int keys;

    @Override
    protected Hosts hosts() {
        return ports.hosts();
    }

    @Override
    protected NodeName node() {
        return new NodeName("cp1");
    }

    @Override
    protected Packages packages() {
        return cluster.inventory().packages();
    }

    @Override
    protected String folder() {
        return "/root";
    }

    @Override
    protected String newKey() {
        return "contract/" + keys++;
    }

    @Override
    protected void cutConnection() {
        ports = cluster.connect().ports();
    }
}
