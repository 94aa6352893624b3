package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.backup.BackupDrill;
import dev.belay.activities.steps.backup.BackupEtcd;
import dev.belay.activities.steps.backup.BackupReceipt;
import dev.belay.activities.steps.backup.Backups;
import dev.belay.activities.steps.backup.DrillCertificate;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The snapshot of a simulated cluster, restored beside it. */
class BackupDrillTest {

    private static final String FOLDER = "twin/0badcafe/v1.34.4/";
    private static final BackupDrill.Input HERE = new BackupDrill.Input(null, null);

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private final Ports ports = cluster.connect().ports();

    @BeforeEach
    void takeASnapshot() {
        new BackupEtcd().run(new Nothing(), context());
    }

    @Test
    void theReceiptSaysWhatTheSnapshotHolds() {
        BackupReceipt receipt = receipt();

        assertThat(receipt.prefixes()).containsEntry("/registry/minions", 7L);
        assertThat(receipt.keys())
                .isEqualTo(receipt.prefixes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        assertThat(receipt.clusterVersion()).isEqualTo("3.5");
        assertThat(receipt.peers()).containsOnlyKeys("cp1", "cp2", "cp3");
        assertThat(receipt.pki()).startsWith("sha256:");
        assertThat(receipt.memberId()).matches("[1-9][0-9]+");
    }

    @Test
    void whatWasRestoredIsWhatTheLiveEtcdHeldThoughItWentOnSince() {
        ports.clock().sleep(Duration.ofMinutes(30));

        Done<BackupDrill.Output> done = drill();

        DrillCertificate certificate = certificate();
        assertThat(done.state()).isEqualTo(StepState.DONE);
        assertThat(certificate.passed()).isTrue();
        assertThat(certificate.snapshot()).isEqualTo(receipt().sha256());
        assertThat(certificate.hash()).isEqualTo(receipt().hash());
        assertThat(certificate.prefixes()).isEqualTo(receipt().prefixes());
        assertThat(done.output().version()).isEqualTo("3.5.35");
    }

    @Test
    void nothingStaysOnTheNode() {
        drill();

        assertThat(cluster.world()
                        .machine(new NodeName(receipt().member()))
                        .files()
                        .list(List.of("/var/lib")))
                .noneMatch(file -> file.path().contains("drill"));
        assertThat(cluster.effects().list().stream().filter(effect -> effect.contains("systemctl stop")))
                .last()
                .asString()
                .endsWith("systemctl stop belay-0badcafe-drill");
    }

    @Test
    void aSnapshotIsDrilledOnce() {
        drill();
        int before = cluster.effects().list().size();

        assertThat(drill().state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(cluster.effects().list()).hasSize(before);
    }

    @Test
    void aFileThatWasChangedInTheStoreIsNoBackupAndLeavesNothingEither() {
        byte[] changed = ports.evidence().read(FOLDER + "etcd-snapshot.db").orElseThrow();
        changed[30_000] ^= 1;
        ports.evidence().store(FOLDER + "etcd-snapshot.db", sink -> sink.write(changed));

        failsWith(FailureKind.PRECONDITION, "SNAPSHOT_CORRUPT", this::drill);

        assertThat(Backups.of(ports.evidence(), "twin").certificate(receipt())).isEmpty();
        nothingStaysOnTheNodeAfter();
    }

    @Test
    void aRestoreThatDiffersFailsAndItsCertificateSaysHow() {
        rewriteReceipt("\"/registry/minions\" : 7", "\"/registry/minions\" : 9");

        Failure failure = failsWith(FailureKind.PRECONDITION, "DRILL_FAILED", this::drill);

        assertThat(failure.why()).contains("/registry/minions has 7 keys, the live etcd had 9");
        assertThat(certificate().passed()).isFalse();
        assertThat(certificate().differences()).hasSize(1);
        nothingStaysOnTheNodeAfter();
    }

    @Test
    void anotherHashIsFoundWhereTheKeysAreAsMany() {
        rewriteReceipt("\"hash\" : " + receipt().hash(), "\"hash\" : 1");

        Failure failure = failsWith(FailureKind.PRECONDITION, "DRILL_FAILED", this::drill);

        assertThat(failure.why()).contains("the live etcd's was 1 compacted at");
    }

    @Test
    void aNodeWithoutTheRightMinorIsNotTouched() {
        cluster.world().machine(new NodeName("cp1")).containers().collect("registry.k8s.io/etcd:3.5.35-0");

        failsWith(FailureKind.PRECONDITION, "ETCDUTL_MISSING", () -> new BackupDrill()
                .run(new BackupDrill.Input(null, new NodeName("cp1")), context()));

        assertThat(cluster.effects().list()).noneMatch(effect -> effect.contains("mkdir"));
    }

    @Test
    void aSnapshotThatIsNotThereIsNamed() {
        Failure failure = failsWith(FailureKind.PRECONDITION, "NO_SUCH_BACKUP", () -> new BackupDrill()
                .run(new BackupDrill.Input("ffffffff", null), context()));

        assertThat(failure.why()).contains("ffffffff");
        assertThat(failure.next()).contains(FOLDER);
    }

    private void nothingStaysOnTheNodeAfter() {
        String node = receipt().member() + ": ";
        assertThat(cluster.effects().list().stream().filter(effect -> effect.startsWith(node)))
                .last()
                .asString()
                .contains(node + "rm -rf --one-file-system /var/lib/belay-0badcafe-drill-");
    }

    private void rewriteReceipt(String from, String to) {
        String path = FOLDER + "etcd-snapshot.json";
        String text = new String(ports.evidence().read(path).orElseThrow(), StandardCharsets.UTF_8);
        byte[] other = text.replace(from, to).getBytes(StandardCharsets.UTF_8);
        ports.evidence().store(path, sink -> sink.write(other));
    }

    private Done<BackupDrill.Output> drill() {
        return new BackupDrill().run(HERE, context());
    }

    private BackupReceipt receipt() {
        return Backups.of(ports.evidence(), "twin").named("0badcafe");
    }

    private DrillCertificate certificate() {
        return Backups.of(ports.evidence(), "twin").certificate(receipt()).orElseThrow();
    }

    private StepContext context() {
        return Steps.context(ports, Calls.cluster("drill", "backup.drill", 0));
    }
}
