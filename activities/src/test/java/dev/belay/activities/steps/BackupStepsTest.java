package dev.belay.activities.steps;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.Done;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.ArchiveKey;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.steps.backup.BackupEtcd;
import dev.belay.activities.steps.backup.BackupFiles;
import dev.belay.activities.steps.backup.Backups;
import dev.belay.activities.steps.backup.FilesArchive;
import dev.belay.model.inventory.Cluster.Retention;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupStepsTest {

    private static final Nothing NONE = new Nothing();
    private static final String AT = "lab/0123abcd/v1.34.4/";

    private final FakeWorld world = new FakeWorld();

    private Done<BackupEtcd.Output> snapshot() {
        return new BackupEtcd().run(NONE, world.context("backup.etcd"));
    }

    private Done<BackupFiles.Output> files() {
        return new BackupFiles().run(NONE, world.context("backup.files"));
    }

    @Test
    void takesTheSnapshotFromAFollowerAndWritesAReceipt() {
        BackupEtcd.Output output = snapshot().output();

        assertThat(output.member()).isEqualTo("cp2");
        assertThat(output.path()).isEqualTo(AT + "etcd-snapshot.db");
        assertThat(world.evidence.files).containsOnlyKeys(AT + "etcd-snapshot.db", AT + "etcd-snapshot.json");
        assertThat(new String(world.evidence.files.get(AT + "etcd-snapshot.json"), StandardCharsets.UTF_8))
                .contains(output.sha256())
                .contains("\"version\" : \"3.5.35\"")
                .contains("2026-11-22T00:00:00Z");
    }

    @Test
    void keepsAFinishedSnapshotAndReplacesOneThatIsNot() {
        snapshot();
        world.etcd.snapshot = "newer";

        assertThat(snapshot().state()).isEqualTo(StepState.ALREADY_DONE);

        world.evidence.files.put(AT + "etcd-snapshot.db", "cut off".getBytes(StandardCharsets.UTF_8));
        assertThat(snapshot().state()).isEqualTo(StepState.DONE);
        assertThat(world.evidence.files.get(AT + "etcd-snapshot.db")).asString().isEqualTo("newer");
    }

    @Test
    void takesItFromAnyMemberThatAnswersAndSaysWhenNoneDoes() {
        world.etcd.statuses.remove("cp2");
        assertThat(snapshot().output().member()).isEqualTo("cp1");

        world.evidence.files.clear();
        world.etcd.statuses.clear();
        assertThat(catchThrowableOfType(StepFailure.class, this::snapshot)
                        .failure()
                        .kind())
                .isEqualTo(FailureKind.TRANSIENT);
    }

    @Test
    void keepsTheFilesOfEachNodeWithOwnerAndMode(@TempDir Path directory) throws Exception {
        String deep = "/etc/kubernetes/pki/" + "deep/".repeat(30) + "x.crt";
        world.host("cp1").file("/etc/kubernetes/pki/ca.key", "secret");
        world.host("cp1").file(deep, "deep");
        world.host("cp1").attributes.put("/etc/kubernetes/pki/ca.key", new FileAttributes(0640, 0, 7));
        world.host("cp1").file("/etc/kubernetes/tmp/kubeadm-backup-etcd/db", "big");
        world.host("w1").file("/etc/apt/sources.list.d/k.list", "deb x /");
        world.kube.configMaps.put("kube-system/kubeadm-config", Map.of("ClusterConfiguration", "x: y"));

        BackupFiles.Output output = files().output();

        assertThat(output.nodes()).isEqualTo(3);
        assertThat(output.files()).isEqualTo(3);
        assertThat(output.sealed()).isZero();
        List<String> listing = unpack(directory, world.evidence.files.get(AT + "files-cp1.tar.gz"));
        assertThat(listing).hasSize(2).anyMatch(line -> line.matches("-rw-r----- 0/7 +6 .* etc/kubernetes/pki/ca.key"));
        assertThat(directory.resolve(deep.substring(1))).hasContent("deep");
        assertThat(new String(world.evidence.files.get(AT + "configmaps.json"), StandardCharsets.UTF_8))
                .contains("x: y");
    }

    @Test
    void keepsEachNodeOnceAndTheRestAfterAHostCameBack() {
        world.host("w1").dead = true;
        StepFailure failure = catchThrowableOfType(StepFailure.class, this::files);
        assertThat(failure.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
        byte[] first = world.evidence.files.get(AT + "files-cp1.tar.gz");

        world.host("w1").dead = false;
        world.host("cp1").file("/etc/kubernetes/admin.conf", "later");

        assertThat(files().state()).isEqualTo(StepState.DONE);
        assertThat(world.evidence.files.get(AT + "files-cp1.tar.gz")).isEqualTo(first);
        assertThat(files().state()).isEqualTo(StepState.ALREADY_DONE);
    }

    @Test
    void sealsWhatHoldsAPrivateKeyAndGivesItBackToWhoHasTheKey(@TempDir Path directory) throws Exception {
        world.evidence.key = Optional.of(
                ArchiveKey.of("00112233445566778899aabbccddeeff".repeat(2).getBytes(StandardCharsets.UTF_8)));
        world.host("cp1").file("/etc/kubernetes/pki/ca.key", "-----BEGIN RSA PRIVATE KEY-----");
        world.host("cp1").file("/etc/kubernetes/admin.conf", "client-key-data: c2VjcmV0");
        world.host("cp1").file("/etc/kubernetes/pki/ca.crt", "-----BEGIN CERTIFICATE-----");
        world.host("cp1").attributes.put("/etc/kubernetes/pki/ca.key", new FileAttributes(0640, 0, 7));

        assertThat(files().output().sealed()).isEqualTo(2);

        unpack(directory, world.evidence.files.get(AT + "files-cp1.tar.gz"));
        assertThat(Files.readString(directory.resolve("etc/kubernetes/pki/ca.key.sealed"), StandardCharsets.ISO_8859_1))
                .doesNotContain("PRIVATE");
        assertThat(directory.resolve("etc/kubernetes/pki/ca.crt")).hasContent("-----BEGIN CERTIFICATE-----");
        FilesArchive archive = archive();
        assertThat(archive.content("/etc/kubernetes/pki/ca.key")).asString().contains("RSA PRIVATE KEY");
        assertThat(archive.content("/etc/kubernetes/admin.conf")).asString().contains("c2VjcmV0");
        assertThat(archive.files())
                .filteredOn(file -> file.path().endsWith("ca.key"))
                .singleElement()
                .extracting(FileEntry::attributes)
                .isEqualTo(new FileAttributes(0640, 0, 7));

        world.evidence.key = Optional.of(ArchiveKey.of(new byte[32]));
        failsWith(FailureKind.PRECONDITION, "SEALED", () -> archive().content("/etc/kubernetes/pki/ca.key"));
        world.evidence.key = Optional.empty();
        failsWith(FailureKind.PRECONDITION, "SEALED", () -> archive().content("/etc/kubernetes/pki/ca.key"));
        assertThat(archive().content("/etc/kubernetes/pki/ca.crt")).asString().contains("CERTIFICATE");
    }

    @Test
    void givesBackLongNamesAndNoticesADamagedArchive() {
        String deep = "/etc/kubernetes/pki/" + "deep/".repeat(30) + "x.crt";
        world.host("cp1").file(deep, "deep");
        files();

        assertThat(archive().content(deep)).asString().isEqualTo("deep");
        failsWith(FailureKind.PRECONDITION, "BACKUP_MISSING", () -> archive().content("/etc/shadow"));
        world.evidence.files.get(AT + "files-cp1.tar.gz")[40] ^= 1;
        failsWith(FailureKind.PRECONDITION, "BACKUP_MISSING", this::archive);
    }

    @Test
    void keepsTheFilesThatFlagsOfStaticPodsNameWhereTheHostHasThem() {
        world.host("cp1").file("/etc/kubernetes/manifests/kube-apiserver.yaml", """
                spec:
                  containers:
                  - command: [kube-apiserver, --encryption-provider-config=/etc/enc/providers.yaml, --audit-policy-file=/srv/audit.yaml,
                              --etcd-servers=https://127.0.0.1:2379, --data-dir=/var/lib/etcd]
                    volumeMounts: [{mountPath: /etc/enc, name: enc}]
                  volumes: [{name: enc, hostPath: {path: /opt/encryption}}]
                """);
        world.host("cp1").file("/opt/encryption/providers.yaml", "kind: EncryptionConfiguration");
        world.host("cp1").file("/srv/audit.yaml", "kind: Policy");
        world.host("cp1").file("/var/lib/etcd/member/snap/db", "big");

        files();

        assertThat(archive().files())
                .extracting(FileEntry::path)
                .contains("/opt/encryption/providers.yaml", "/srv/audit.yaml")
                .doesNotContain("/var/lib/etcd/member/snap/db");
    }

    @Test
    void retentionTakesWhatIsNeitherNewNorNamed() {
        List<String> runs = List.of("aaaaaaa1", "aaaaaaa2", "aaaaaaa3", "aaaaaaa4");
        for (String run : runs) {
            world.run = run;
            snapshot();
            world.clock.sleep(Duration.ofHours(10));
        }
        world.retention = new Retention(2, Duration.ofHours(15));
        world.run = "bbbbbbbb";
        world.inputs = Map.of("snapshot", "lab/aaaaaaa1/v1.34.4/etcd-snapshot.db");

        assertThat(snapshot().output().removed()).isEqualTo(2);

        assertThat(world.evidence.files.keySet())
                .extracting(path -> path.split("/", 3)[1])
                .containsOnly("aaaaaaa1", "aaaaaaa4", "bbbbbbbb");
        assertThat(snapshot().output().removed()).isZero();
    }

    @Test
    void withoutRetentionEverythingStays() {
        snapshot();
        world.run = "bbbbbbbb";
        world.clock.sleep(Duration.ofDays(3000));

        assertThat(snapshot().output().removed()).isZero();
        assertThat(Backups.of(world.evidence, "lab").receipts()).hasSize(2);
    }

    private FilesArchive archive() {
        return FilesArchive.of(world.evidence, AT, new NodeName("cp1"));
    }

    private static List<String> unpack(Path directory, byte[] archive) throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("archive.tar.gz"), archive);
        run("tar", "-xzf", file.toString(), "-C", directory.toString(), "--no-same-owner");
        return run("tar", "--numeric-owner", "-tvzf", file.toString());
    }

    private static List<String> run(String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out.lines().toList();
    }
}
