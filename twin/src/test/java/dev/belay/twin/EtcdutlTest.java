package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.Ports;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.etcd.Etcdutl;
import dev.belay.activities.steps.etcd.SnapshotRestore;
import dev.belay.activities.steps.etcd.SnapshotStatus;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** etcd's offline tool on a simulated node, through the one place that calls it. */
class EtcdutlTest {

    private static final String FILE = "/root/snapshot.db";
    private static final EtcdVersion V35 = EtcdVersion.parse("3.5.35");
    private static final EtcdVersion V36 = EtcdVersion.parse("3.6.16");

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private final Ports ports = cluster.connect().ports();
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private SnapshotReceipt receipt;

    @BeforeEach
    void takeASnapshot() throws IOException {
        EtcdMember member = ports.etcd().members().get(1);
        receipt = ports.etcd().snapshot(member, taken);
        host("cp1").write(FILE, taken.toByteArray(), FileAttributes.ROOT_ONLY);
        host("cp2").write(FILE, taken.toByteArray(), FileAttributes.ROOT_ONLY);
    }

    @Test
    void aSnapshotSaysItsRevisionAndHowManyKeysItHas() {
        SnapshotStatus status = tool("cp1", "a").status(FILE);

        assertThat(status.revision()).isEqualTo(receipt.revision());
        assertThat(status.totalKey()).isGreaterThan(10);
        assertThat(status.totalSize()).isEqualTo(receipt.bytes() - 32);
        assertThat(tool("cp2", "a").status(FILE)).isEqualTo(status);
    }

    @Test
    void theToolIsThatOfTheNodesOwnImage() {
        assertThat(tool("cp1", "a").program().where()).isEqualTo("etcdutl of registry.k8s.io/etcd:3.5.35-0");
    }

    @Test
    void aMinorThatTheNodeDoesNotHaveIsMissedBeforeAnythingIsDone() {
        Failure failure = failsWith(
                FailureKind.PRECONDITION, "ETCDUTL_MISSING", () -> Etcdutl.of(host("cp1"), V36, "a", () -> {}));

        assertThat(failure.why()).contains("cp1 has no etcdutl of etcd 3.6", "registry.k8s.io/etcd:3.5.35-0");
        assertThat(cluster.effects().list()).noneMatch(effect -> effect.contains("etcdutl"));
    }

    @Test
    void anImageOfTheSnapshotsMinorServesWhenTheManifestHasAnother() {
        cluster.world().machine(new NodeName("cp1")).containers().pulled("registry.k8s.io/etcd:3.6.16-0");

        assertThat(Etcdutl.of(host("cp1"), V36, "a", () -> {}).program().version())
                .isEqualTo(V36);
        assertThat(tool("cp1", "a").program().version()).isEqualTo(V35);
    }

    @Test
    void aRestoredDirectoryIsAnotherClusterWithTheKeysOfTheSnapshotAndARaisedRevision() {
        tool("cp1", "a").restore(restore("cp1", "token", 1_000_000_000));
        tool("cp2", "a").restore(restore("cp2", "token", 1_000_000_000));

        DataDirectory one = directory("cp1");
        Database database = one.database().orElseThrow();
        assertThat(database.revision()).isEqualTo(receipt.revision() + 1_000_000_000);
        assertThat(database.compacted()).isEqualTo(database.revision());
        assertThat(database.keys())
                .isEqualTo(Database.read(taken.toByteArray()).orElseThrow().keys());
        long id = one.identity().orElseThrow().clusterId();
        assertThat(directory("cp2").identity().orElseThrow().clusterId()).isEqualTo(id);
        assertThat(Long.toUnsignedString(id)).isNotEqualTo(status().clusterId());
    }

    @Test
    void anotherTokenIsAnotherCluster() {
        tool("cp1", "a").restore(restore("cp1", "one", 0));
        tool("cp2", "a").restore(restore("cp2", "two", 0));

        assertThat(directory("cp1").identity().orElseThrow().clusterId())
                .isNotEqualTo(directory("cp2").identity().orElseThrow().clusterId());
        assertThat(directory("cp1").database().orElseThrow().revision()).isEqualTo(receipt.revision());
    }

    @Test
    void aRestoreRunsOnceForItsKeyAndNeverOverWhatIsThere() {
        SnapshotRestore wanted = restore("cp1", "token", 1000);
        assertThat(tool("cp1", "a").restore(wanted).rejoined()).isFalse();

        assertThat(tool("cp1", "a").restore(wanted).rejoined()).isTrue();
        Failure failure = failsWith(
                FailureKind.PERMANENT, "ETCDUTL_FAILED", () -> tool("cp1", "b").restore(wanted));

        assertThat(failure.why()).contains("data-dir \"/root/restored\" not empty");
    }

    @Test
    void aFileWithoutItsTrailerIsRefused() {
        byte[] whole = taken.toByteArray();
        host("cp1").write(FILE, Arrays.copyOf(whole, whole.length - 32), FileAttributes.ROOT_ONLY);

        Failure failure = failsWith(FailureKind.PERMANENT, "SNAPSHOT_CORRUPT", () -> tool("cp1", "a")
                .restore(restore("cp1", "t", 1)));

        assertThat(failure.why()).contains("snapshot missing hash");
        assertThat(tool("cp1", "a").status(FILE).revision()).isEqualTo(receipt.revision());
    }

    @Test
    void aFileWithAFlippedByteIsRefused() {
        byte[] flipped = taken.toByteArray();
        flipped[20_000] ^= 1;
        host("cp1").write(FILE, flipped, FileAttributes.ROOT_ONLY);

        failsWith(FailureKind.PERMANENT, "SNAPSHOT_CORRUPT", () -> tool("cp1", "a")
                .restore(restore("cp1", "t", 1)));
        assertThat(directory("cp1").identity()).isEmpty();
    }

    @Test
    void noPathCanBecomeAnotherMount() {
        SnapshotRestore sly = new SnapshotRestore(
                FILE, "cp1", Map.of("cp1", "https://10.20.0.12:2380"), "t", "/root,dst=/etc/restored", 0);

        assertThatThrownBy(() -> tool("cp1", "a").restore(sly)).isInstanceOf(IllegalArgumentException.class);
    }

    private Etcdutl tool(String node, String key) {
        return Etcdutl.of(host(node), V35, key, () -> {});
    }

    private Host host(String node) {
        return ports.hosts().on(new NodeName(node));
    }

    private DataDirectory directory(String node) {
        return new DataDirectory(cluster.world().machine(new NodeName(node)).files(), "/root/restored");
    }

    private MemberStatus status() {
        return ports.etcd().status(ports.etcd().members().get(0));
    }

    private static SnapshotRestore restore(String node, String token, long bump) {
        Map<String, String> peers = new LinkedHashMap<>();
        for (int i = 1; i <= 3; i++) {
            peers.put("cp" + i, "https://10.20.0.1" + i + ":2380");
        }
        return new SnapshotRestore(FILE, node, peers, token, "/root/restored", bump);
    }
}
