package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.Done;
import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.backup.BackupEtcd;
import dev.belay.activities.steps.backup.BackupFiles;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
