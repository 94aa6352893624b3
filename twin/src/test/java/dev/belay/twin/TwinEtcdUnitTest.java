package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepContext;
import dev.belay.activities.contract.EtcdUnitContract;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import java.util.List;

/** The contract of a member that systemd runs, on the twin. */
class TwinEtcdUnitTest extends EtcdUnitContract {

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.withExternalEtcd(KubernetesVersion.parse("v1.33.13"), 1, 1));
    private final Ports ports = cluster.connect().ports();

    @Override
    protected StepContext context(NodeName member) {
        return Steps.context(ports, Calls.back("etcd.stop", member.value()));
    }

    @Override
    protected void reboot(NodeName member) {
        cluster.world().machine(member).powerCut(Duration.ofSeconds(20));
        ports.clock().sleep(Duration.ofSeconds(30));
    }

    @Override
    protected List<NodeName> members() {
        return ports.inventory().etcdMembers();
    }
}
