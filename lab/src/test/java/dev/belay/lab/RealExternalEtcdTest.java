package dev.belay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose etcd has three hosts of its own (lab/external-etcd.sh): a climb, and the way back from it. */
@Tag(LabTools.TAG)
class RealExternalEtcdTest {

    private static final List<LabMachine> MEMBERS =
            List.of(new LabMachine("etcd1"), new LabMachine("etcd2"), new LabMachine("etcd3"));
    private static final String DATA = "/var/lib/etcd/default";

    @TempDir
    Path dir;

    @Test
    void aClimbLeavesItAloneAndARestoreTakesItBackThoughTheWorkerIsKilled() throws Exception {
        assumeExternal();
        try (RealRun run = new RealRun(dir)) {
            assertThat(run.kubelets()).containsOnly("v1.32.13");
            Program first = run.worker("worker-1");
            List<String> before = MEMBERS.stream().map(LabMachine::etcd).toList();
            Program climb = run.climb("v1.33.13");
            approve(run, "@latest", "ada@desk");
            assertThat(climb.exit(60)).as(climb::output).isZero();
            assertThat(run.kubelets()).containsOnly("v1.33.13");
            assertThat(MEMBERS.stream().map(LabMachine::etcd))
                    .as("the processes of etcd")
                    .isEqualTo(before);

            run.makeNamespace("made-since");
            int climbing = run.probe().failed();
            ends(run, "rollback", "@latest", "--rung", "restore");
            approve(run, "@latest", "ada@desk");
            approve(run, "@latest", "linus@desk");
            String id = run.view().path("run").asText();
            RealRun.await("a member is being restored", Duration.ofMinutes(5), () -> MEMBERS.stream()
                    .anyMatch(member -> member.has(DATA + "-belay-" + id + ".db")));
            first.kill();
            run.worker("worker-2");
            run.awaitStatus("ROLLED_BACK");

            assertThat(run.kubelets()).containsOnly("v1.32.13");
            assertThat(run.hasNamespace("made-since")).isFalse();
            assertThat(MEMBERS).allSatisfy(member -> {
                assertThat(member.owner(DATA)).isEqualTo("etcd");
                assertThat(member.has(DATA + ".before-belay-" + id)).isTrue();
                assertThat(member.has("/etc/systemd/system/etcd.service.d/belay-" + id + ".conf"))
                        .isFalse();
            });
            System.out.printf(
                    "[external etcd] of %d probes of one a second %d failed in the climb, %d in the restore%n",
                    run.probe().asked(), climbing, run.probe().failed() - climbing);

            ends(run, "signoff", id);
            approve(run, "@latest", "ada@desk");
            run.awaitStatus("COMPLETED");
            assertThat(MEMBERS).noneMatch(member -> member.has(DATA + ".before-belay-" + id));
        }
    }

    @Test
    void aDeadMemberGivesItsPlaceToANewOne() throws Exception {
        assumeExternal();
        LabMachine dead = MEMBERS.get(1);
        try (RealRun run = new RealRun(dir)) {
            run.worker("worker");
            dead.spoilEtcd(DATA);
            Program replacing = run.maintenance("runbooks/etcd-member.yaml", "node=etcd2");
            approve(run, "@latest", "ada@desk");

            assertThat(replacing.exit(20)).as(replacing::output).isZero();
            String id = run.view().path("run").asText();
            assertThat(dead.owner(DATA)).isEqualTo("etcd");
            assertThat(dead.has(DATA + ".before-belay-" + id + "/member/snap/db"))
                    .isTrue();
            assertThat(dead.has("/etc/systemd/system/etcd.service.d/belay-" + id + "-joins.conf"))
                    .isFalse();
            assertThat(run.takesWrites()).isTrue();

            ends(run, "signoff", id);
            approve(run, "@latest", "ada@desk");
            run.awaitStatus("COMPLETED");
            assertThat(dead.has(DATA + ".before-belay-" + id)).isFalse();
        }
    }

    private static void assumeExternal() {
        Assumptions.assumeTrue(
                LabCluster.inventory().hasExternalEtcd(),
                "the cluster's etcd has no hosts of its own; lab/external-etcd.sh makes one");
    }

    private static void ends(RealRun run, String verb, String of, String... more) {
        List<String> words = new ArrayList<>(List.of(verb, of));
        words.addAll(List.of(more));
        words.addAll(List.of("--cluster", LabTools.inventory().toString(), "--reason", "to see that it can be done"));
        assertThat(run.belay(words.toArray(String[]::new)).exit()).isZero();
    }

    private static void approve(RealRun run, String which, String who) throws Exception {
        run.awaitStatus("AWAITING_APPROVAL");
        assertThat(run.belay("approve", which, "--actor", who, "--reason", "seen")
                        .exit())
                .isZero();
    }
}
