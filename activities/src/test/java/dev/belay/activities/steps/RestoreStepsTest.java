package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.backup.BackupFiles;
import dev.belay.activities.steps.backup.BackupReceipt;
import dev.belay.activities.steps.restore.CheckRestore;
import dev.belay.activities.steps.restore.RestoreEtcd;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member is restored beside its data and put in their place by renames, and whatever was interrupted goes on from what is seen. */
class RestoreStepsTest {

    private static final String SET = "lab/0123abcd/v1.34.4/";
    private static final String DATA = "/var/lib/etcd";
    private static final String BEFORE = DATA + ".before-belay-0123abcd";
    private static final String FRESH = DATA + ".belay-0123abcd";
    private static final String SNAPSHOT = DATA + "-belay-0123abcd.db";
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, labels: {component: etcd}}
            spec:
              containers:
              - name: etcd
                image: registry.k8s.io/etcd:3.5.24-0
                command:
                - etcd
                - --data-dir=/var/lib/etcd
                - --initial-advertise-peer-urls=https://10.0.0.1:2380
                - --name=cp1
            """;

    private final FakeWorld world = new FakeWorld();
    private final FakeHost host = world.host("cp1");
    private final Set<String> there = new TreeSet<>(Set.of(DATA));
    private String sha256 = "";

    @BeforeEach
    void keep() {
        for (String path : new String[] {DATA, BEFORE, FRESH}) {
            host.answers.put("test -e " + path, () -> new CommandOutput(there.contains(path) ? 0 : 1, "", ""));
            answer("rm -rf -- " + path, () -> there.remove(path));
        }
        host.answers.put("rm -rf -- " + SNAPSHOT, () -> {
            host.files.remove(SNAPSHOT);
            return new CommandOutput(0, "", "");
        });
        renames(DATA, BEFORE);
        renames(FRESH, DATA);
        renames(DATA, FRESH);
        renames(BEFORE, DATA);
        for (String owner : new String[] {DATA, BEFORE}) {
            answer("chown -R --reference=" + owner + " " + FRESH, () -> {});
        }
        answer("chmod 700 " + FRESH, () -> {});
        host.job("etcdutl snapshot restore", () -> there.add(FRESH));
        member(host, MANIFEST);
        member(world.host("cp2"), MANIFEST.replace("10.0.0.1", "10.0.0.2").replace("cp1", "cp2"));
        new BackupFiles().run(new Nothing(), world.context("backup.files"));
        snapshot("the data");
        world.effects.clear();
    }

    private static void member(FakeHost host, String manifest) {
        host.fails("ctr -n k8s.io images ls -q", 127, "ctr: not found");
        host.says("etcdutl version", "etcdutl version: 3.5.35");
        host.says("df -B1 --output=avail,size /var/lib", "Avail 1B-blocks\n9000000000 9000000000");
        host.fails("mountpoint -q " + DATA, 1, "");
        host.file("/etc/kubernetes/manifests/etcd.yaml", manifest);
        host.file("/etc/kubernetes/pki/etcd/ca.crt", "the CA");
    }

    private void renames(String from, String to) {
        answer("mv -T -n " + from + " " + to, () -> {
            there.remove(from);
            there.add(to);
        });
    }

    private void answer(String command, Runnable effect) {
        host.answers.put(command, () -> {
            effect.run();
            return new CommandOutput(0, "", "");
        });
    }

    private void snapshot(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        sha256 = Sha256.of(bytes);
        BackupReceipt receipt = new BackupReceipt(
                SET + "etcd-snapshot.db",
                sha256,
                bytes.length,
                1330,
                627,
                Map.of(),
                1,
                1,
                "cp1",
                "1",
                "3.5.35",
                "3.5.0",
                "7",
                Map.of(),
                "pki",
                "v1.33.13",
                "lab",
                "0123abcd",
                Instant.parse("2026-11-22T03:00:00Z"));
        world.evidence.store(SET + "etcd-snapshot.db", sink -> sink.write(bytes));
        world.evidence.store(SET + "etcd-snapshot.json", sink -> sink.write(receipt.json()));
    }

    private RestoreEtcd.Input input() {
        return new RestoreEtcd.Input(SET, sha256);
    }

    private StepContext step() {
        return world.on("cp1", "etcd.restore");
    }

    @Test
    void restoresBesideTheDataAndSwapsByRenames() {
        assertThat(new RestoreEtcd().run(input(), step()).state()).isEqualTo(StepState.DONE);

        assertThat(world.effects)
                .filteredOn(
                        effect -> !effect.contains(" test ") && !effect.contains("version") && !effect.contains(" ls "))
                .containsExactly(
                        "cp1: rm -rf -- " + FRESH,
                        "cp1: write " + SNAPSHOT,
                        "cp1: etcdutl snapshot restore " + SNAPSHOT
                                + " --name=cp1 --initial-cluster=cp1=https://10.0.0.1:2380,cp2=https://10.0.0.2:2380"
                                + " --initial-advertise-peer-urls=https://10.0.0.1:2380"
                                + " --initial-cluster-token=belay-0123abcd-restored --data-dir=" + FRESH
                                + " --bump-revision=1000000000 --mark-compacted",
                        "cp1: chown -R --reference=" + DATA + " " + FRESH,
                        "cp1: chmod 700 " + FRESH,
                        "cp1: mv -T -n " + DATA + " " + BEFORE,
                        "cp1: mv -T -n " + FRESH + " " + DATA,
                        "cp1: rm -rf -- " + SNAPSHOT);
        assertThat(there).containsExactlyInAnyOrder(DATA, BEFORE);
    }

    @Test
    void isDoneWhenTheOldDataAreAsideAndNewOnesInTheirPlace() {
        new RestoreEtcd().run(input(), step());
        world.effects.clear();

        assertThat(new RestoreEtcd().run(input(), step()).state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(world.effects).noneMatch(effect -> effect.contains("mv ") || effect.contains("restore"));
    }

    @Test
    void goesOnBetweenTheTwoRenames() {
        there.clear();
        there.addAll(Set.of(BEFORE, FRESH));

        assertThat(new RestoreEtcd().run(input(), step()).state()).isEqualTo(StepState.DONE);
        assertThat(world.effects).noneMatch(effect -> effect.contains("etcdutl snapshot"));
        assertThat(there).containsExactlyInAnyOrder(DATA, BEFORE);
    }

    @Test
    void keepsWhatAnEarlierAttemptIsStillMaking() {
        host.jobs.put("etcdutl snapshot restore", job -> {
            there.add(FRESH);
            throw StepFailure.of(FailureKind.TRANSIENT, "CONNECTION_LOST", "lost", "");
        });
        assertThat(catchThrowableOfType(StepFailure.class, () -> new RestoreEtcd().run(input(), step()))
                        .failure()
                        .code())
                .isEqualTo("CONNECTION_LOST");
        host.claimed.put(host.started.get(0).key(), new JobOutcome(true, 0, "", "", false));
        world.effects.clear();

        assertThat(new RestoreEtcd().run(input(), step()).state()).isEqualTo(StepState.DONE);
        assertThat(world.effects)
                .doesNotContain("cp1: rm -rf -- " + FRESH)
                .noneMatch(e -> e.contains("etcdutl snapshot"));
    }

    @Test
    void anUndoBringsTheOldDataBack() {
        new RestoreEtcd().run(input(), step());

        String said = new RestoreEtcd().undo(input(), null, step());

        assertThat(said).startsWith("/var/lib/etcd of cp1 is again what it was");
        assertThat(there).containsExactlyInAnyOrder(DATA, FRESH);
    }

    @Test
    void refusesAnotherSnapshotThanTheOneThatWasAgreedOn() {
        Failure failure = catchThrowableOfType(StepFailure.class, () -> new RestoreEtcd()
                        .run(new RestoreEtcd.Input(SET, "0".repeat(64)), step()))
                .failure();

        assertThat(failure.code()).isEqualTo("SNAPSHOT_OTHER");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void looksAtEverythingBeforehandAndSaysAllThatStandsInTheWay() {
        world.evidence.store(SET + "etcd-snapshot.db", sink -> sink.write(1));
        host.file("/etc/kubernetes/pki/etcd/ca.crt", "another CA");
        host.says("etcdutl version", "etcdutl version: 3.6.16");
        host.says("df -B1 --output=avail,size /var/lib", "Avail 1B-blocks\n1000 1000");

        Failure failure = catchThrowableOfType(StepFailure.class, this::check).failure();

        assertThat(failure.why())
                .contains(
                        "etcd-snapshot.db in",
                        "has no etcdutl of etcd 3.5",
                        "ca.crt is not the one of the snapshot's time",
                        "/var/lib has 0 MB free, a restore needs 256");
    }

    @Test
    void saysWhatWouldBeLost() {
        assertThat(check())
                .contains(" writes in ")
                .contains("back to revision 1330 of 2026-11-22T03:00:00Z; it was never drilled");
    }

    private String check() {
        return new CheckRestore()
                .run(new CheckRestore.Input(SET, sha256), world.context("restore.check"))
                .why();
    }
}
