package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.contract.EtcdDowngradeContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.twin.etcd.Beginning;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.etcd.Member;
import java.util.List;
import java.util.Map;

/** The contract of a downgrade, on the twin. */
class TwinEtcdDowngradeTest extends EtcdDowngradeContract {

    private static final Map<String, String> VERSIONS = Map.of(NEW, "3.6.16", OLD, "3.5.35");

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.34.4")));
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
        synchronized (cluster.world()) {
            cluster.world().etcd().write();
        }
    }

    @Override
    protected void replace(String name, String minor) {
        synchronized (cluster.world()) {
            EtcdRing ring = cluster.world().etcd();
            Member member = ring.member(name).orElseThrow();
            DataDirectory data = new DataDirectory(
                    cluster.world().machine(new NodeName(name)).files(), "/var/lib/etcd");
            Beginning how = Beginning.again(VERSIONS.get(minor), data, name);
            ring.stop(member);
            if (ring.refuses(how).isEmpty()) {
                ring.start(how);
            }
        }
    }
}
