package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.contract.EtcdClusterContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.etcd.Member;
import java.util.List;
import java.util.function.Consumer;

/** The contract every etcd port keeps, on the twin. */
class TwinEtcdContractTest extends EtcdClusterContract {

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private final Ports ports = cluster.connect().ports();

    @Override
    protected EtcdCluster etcd() {
        return ports.etcd();
    }

    @Override
    protected List<String> names() {
        return List.of("cp1", "cp2", "cp3");
    }

    @Override
    protected void write() {
        change(EtcdRing::write);
    }

    @Override
    protected void stop(String name) {
        change(ring -> ring.stop(member(ring, name)));
    }

    @Override
    protected void start(String name) {
        change(ring -> {
            Member member = member(ring, name);
            if (!member.isRunning()) {
                ring.start(member, member.version());
            }
        });
    }

    @Override
    protected void raise(String name, String alarm) {
        change(ring -> ring.space().fill(member(ring, name)));
    }

    @Override
    protected void disarm() {
        change(ring -> ring.members().forEach(ring.space()::mend));
    }

    @Override
    protected StepClock clock() {
        return ports.clock();
    }

    private void change(Consumer<EtcdRing> change) {
        synchronized (cluster.world()) {
            change.accept(cluster.world().etcd());
        }
    }

    private static Member member(EtcdRing ring, String name) {
        return ring.member(name).orElseThrow();
    }
}
