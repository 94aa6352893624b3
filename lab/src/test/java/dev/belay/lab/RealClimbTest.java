package dev.belay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product on a real cluster: a climb of one minor, started and approved from the command line, hurt in mid-step, and taken on.
 * Where the cluster stands says which of the two runs.
 */
@Tag(LabTools.TAG)
class RealClimbTest {

    @TempDir
    Path dir;

    @Test
    void oneControlPlaneClimbsThoughItsWorkerIsKilled() throws Exception {
        try (RealRun run = new RealRun(dir)) {
            Assumptions.assumeTrue(run.controlPlanes().size() == 1, "the cluster has more than one control plane");
            Assumptions.assumeFalse(
                    LabCluster.inventory().hasExternalEtcd(), "the cluster's etcd has hosts of its own");
            assertThat(run.kubelets()).containsOnly("v1.32.13");
            Program first = run.worker("worker-1");
            assertThat(RealRun.status(run.plan("v1.33.13"))).isEqualTo("PLANNED");
            RealRun.Ran left = run.startOnTerminal("v1.33.13");
            assertThat(left.exit()).as(left.output()).isZero();
            assertThat(left.output())
                    .as("a tree that is drawn in place")
                    .contains("\u001b[")
                    .contains("come back with: belay watch");
            Program climb = run.watch();
            approve(run, "the snapshot is there");
            LabMachine cp1 = new LabMachine("cp1");
            cp1.awaitProgram("kubeadm upgrade apply");
            first.kill();
            assertThat(cp1.runs("kubeadm upgrade apply")).isTrue();
            run.worker("worker-2");

            arrives(run, climb, "v1.33.13");
            assertThat(cp1.kubeadmStarts("lastApply")).isEqualTo(1);
            assertThat(RealRun.effects(run.document("run", "show", "@latest"))).containsOnlyOnce("lastApply cp1");
            assertThat(run.document("list", "list").path("runs")).hasSize(1);
            goesBack(run, cp1, "v1.32.13");
        }
    }

    @Test
    void threeControlPlanesClimbThroughLostConnectionsServersAndPower() throws Exception {
        try (RealRun run = new RealRun(dir)) {
            Assumptions.assumeTrue(run.controlPlanes().size() == 3, "the cluster has not three control planes");
            assertThat(run.kubelets()).containsOnly("v1.33.13");
            run.worker("worker-1");
            Program climb = run.climb("v1.34.4");
            approve(run, "the snapshot is there");
            LabMachine cp1 = new LabMachine("cp1");
            cp1.awaitProgram("kubeadm upgrade apply");
            cp1.cutSsh();
            assertThat(cp1.runs("kubeadm upgrade apply")).isTrue();
            LabMachine cp2 = new LabMachine("cp2");
            cp2.awaitProgram("kubeadm upgrade node");
            run.restartServer(Duration.ofSeconds(20));
            approve(run, "two members run the new etcd and agree");
            losePower(run, new LabMachine("cp3"));

            arrives(run, climb, "v1.34.4");
            assertThat(cp1.kubeadmStarts("apply")).isEqualTo(1);
            assertThat(cp2.kubeadmStarts("renew")).isEqualTo(1);
        }
    }

    /** The whole restore: the climb's own snapshot and files, two people, and what was made since is gone. */
    private static void goesBack(RealRun run, LabMachine cp1, String to) throws Exception {
        run.makeNamespace("made-since");
        int failedBefore = run.probe().failed();
        assertThat(run.belay(
                                "rollback",
                                "@latest",
                                "--rung",
                                "restore",
                                "--cluster",
                                LabTools.inventory().toString(),
                                "--reason",
                                "to see that it can be done")
                        .exit())
                .isZero();
        run.awaitStatus("AWAITING_APPROVAL");
        for (String person : List.of("ada@desk", "linus@desk")) {
            assertThat(run.belay("approve", "@latest", "--actor", person, "--reason", "the snapshot is good")
                            .exit())
                    .isZero();
        }
        run.awaitStatus("ROLLED_BACK");

        assertThat(run.kubelets()).containsOnly(to);
        assertThat(run.nodes())
                .noneMatch(node -> Boolean.TRUE.equals(node.getSpec().getUnschedulable()));
        assertThat(run.hasNamespace("made-since")).isFalse();
        assertThat(cp1.has(
                        "/var/lib/etcd.before-belay-" + run.view().path("run").asText()))
                .isTrue();
        System.out.printf(
                "[restore] to %s: %d probes of one a second failed%n",
                to, run.probe().failed() - failedBefore);
    }

    private static void losePower(RealRun run, LabMachine node) throws Exception {
        node.awaitProgram("kubeadm upgrade node");
        node.powerOff();
        run.awaitStatus("PARKED");
        JsonNode parked = run.view().path("parked");
        assertThat(parked.path("step").asText()).isEqualTo("lastRenew");
        assertThat(parked.path("node").asText()).isEqualTo(node.node());
        node.powerOn();
        RealRun.await("the node takes SSH again", Duration.ofMinutes(3), () -> node.runs("sshd: /usr/sbin/sshd"));
        assertThat(run.belay(
                                "retry",
                                "@latest",
                                "--step",
                                "lastRenew",
                                "--node",
                                node.node(),
                                "--reason",
                                "power is back")
                        .exit())
                .isZero();
    }

    private static void approve(RealRun run, String reason) throws Exception {
        run.awaitStatus("AWAITING_APPROVAL");
        assertThat(run.belay("approve", "@latest", "--reason", reason).exit()).isZero();
    }

    private static void arrives(RealRun run, Program climb, String to) throws Exception {
        assertThat(climb.exit(60)).as(climb::output).isZero();
        assertThat(run.kubelets()).containsOnly(to);
        assertThat(run.nodes())
                .noneMatch(node -> Boolean.TRUE.equals(node.getSpec().getUnschedulable()));
        assertThat(RealRun.status(run.view())).isEqualTo("COMPLETED");
        System.out.printf(
                "[climb] to %s: %d of %d probes of one a second failed (%d control planes)%n",
                to,
                run.probe().failed(),
                run.probe().asked(),
                run.controlPlanes().size());
        assertThat(run.serverRuns()).isTrue();
    }
}
