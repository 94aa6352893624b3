package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.contract.EtcdRestoreContract;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.twin.etcd.Beginning;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.etcd.Member;
import dev.belay.twin.etcd.OfflineTool;
import dev.belay.twin.machine.Files;
import java.util.List;
import java.util.stream.Collectors;

/** The contract of a restore, on the twin. */
class TwinEtcdRestoreTest extends EtcdRestoreContract {

    private static final String DATA = "/var/lib/etcd";
    private static final String SNAPSHOT = "/root/snapshot.db";
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
        synchronized (cluster.world()) {
            ring().write();
        }
    }

    @Override
    protected void stop(String name) {
        synchronized (cluster.world()) {
            ring().stop(inRing(name));
        }
    }

    @Override
    protected void restore(String name, byte[] snapshot, String token) {
        synchronized (cluster.world()) {
            files(name).rename(DATA, DATA + ".before");
            files(name).write(SNAPSHOT, snapshot, FileAttributes.ROOT_ONLY);
            CommandOutput output = new OfflineTool(
                            "etcdutl",
                            VERSION,
                            files(name),
                            path -> true,
                            cluster.world().seed())
                    .run(List.of(
                            "snapshot",
                            "restore",
                            SNAPSHOT,
                            "--name=" + name,
                            "--initial-cluster=" + peers(),
                            "--initial-cluster-token=" + token,
                            "--data-dir=" + DATA,
                            "--bump-revision=" + BUMP,
                            "--mark-compacted"));
            assertThat(output.ok()).as(output.err()).isTrue();
        }
    }

    @Override
    protected void start(String name) {
        synchronized (cluster.world()) {
            Beginning how = Beginning.again(VERSION, new DataDirectory(files(name), DATA), name);
            assertThat(ring().refuses(how)).isEmpty();
            ring().start(how);
        }
    }

    private String peers() {
        return ring().members().stream()
                .map(member -> member.name() + "=https://" + member.address() + ":2380")
                .collect(Collectors.joining(","));
    }

    private EtcdRing ring() {
        return cluster.world().etcd();
    }

    private Member inRing(String name) {
        return ring().member(name).orElseThrow();
    }

    private Files files(String name) {
        return cluster.world().machine(new NodeName(name)).files();
    }
}
