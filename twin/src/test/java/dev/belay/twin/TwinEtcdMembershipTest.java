package dev.belay.twin;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.contract.EtcdMembershipContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.twin.etcd.Beginning;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.machine.Files;
import java.util.List;
import java.util.function.Consumer;

/** The contract of membership on the simulated members. */
class TwinEtcdMembershipTest extends EtcdMembershipContract {

    private static final String DATA = "/var/lib/etcd";
    private static final String VERSION = "3.5.35";

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
        change(EtcdRing::write);
    }

    @Override
    protected void stop(String name) {
        change(ring -> ring.member(name).ifPresent(ring::stop));
    }

    @Override
    protected void start(String name) {
        begin(Beginning.again(VERSION, data(name), name));
    }

    @Override
    protected void lose(String name) {
        files(name).removeTree(DATA);
    }

    @Override
    protected void join(String name) {
        begin(new Beginning(
                VERSION,
                data(name),
                name,
                List.of(peerUrl(name)),
                names().stream().map(each -> each + "=" + peerUrl(each)).toList(),
                true));
    }

    private void begin(Beginning how) {
        change(ring -> {
            if (ring.refuses(how).isEmpty()) {
                ring.start(how);
            }
        });
    }

    private DataDirectory data(String name) {
        return new DataDirectory(files(name), DATA);
    }

    private Files files(String name) {
        return cluster.world().machine(new NodeName(name)).files();
    }

    private String peerUrl(String name) {
        return "https://" + cluster.world().machine(new NodeName(name)).address() + ":2380";
    }

    private void change(Consumer<EtcdRing> change) {
        synchronized (cluster.world()) {
            change.accept(cluster.world().etcd());
        }
    }
}
