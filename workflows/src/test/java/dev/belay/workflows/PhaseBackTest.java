package dev.belay.workflows;

import static dev.belay.workflows.Plans.approval;
import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.controlPlanes;
import static dev.belay.workflows.Plans.orBack;
import static dev.belay.workflows.Plans.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Step;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code onFailure: rollback}. */
class PhaseBackTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Step[] upgrade() {
        return new Step[] {
            change("cordon"), orBack("move.kubelet", "kubelet", "cordon"), orBack("check.ready", "ready", "kubelet")
        };
    }

    private static Plans climb() {
        return Plans.on("cp1", "cp2", "cp3", "w1")
                .prep(change("lock"))
                .controlPlane(controlPlanes("planes", upgrade()))
                .workers(pool(0, 1, change("drain")));
    }

    @Test
    void takesThePhaseBackInTheReverseOrderOfItsEffectsAndStandsBeforeTheRungOfTwoPeople() {
        steps.fails("ready cp2", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED ready cp2");

        StepsAssert.assertThat(steps)
                .ranInOrder(
                        "ready cp2", "reverse kubelet cp2", "undo cordon cp2", "reverse kubelet cp1", "undo cordon cp1")
                .neverRan("undo lock", "cordon cp3", "drain w1");
        assertThat(engine.view().status()).isEqualTo(RunStatus.PARKED);
        assertThat(Objects.requireNonNull(engine.view().parked()).why())
                .startsWith(
                        "controlPlane was taken back, 4 effects undone, 0 left by decision, since ready on cp2 failed:")
                .contains("DOWN", "--rung restore");
        assertThat(engine.stateOf("kubelet", "cp1")).isEqualTo(StepState.UNDONE);
        assertThat(engine.stateOf("lock", null)).isEqualTo(StepState.DONE);
    }

    @Test
    void aRetryBeginsThePhaseAnewWithRemoteWorkOfItsOwn() {
        steps.fails("ready cp2", FailureKind.PERMANENT, "DOWN");
        steps.fails("ready cp3", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED ready cp2");
        engine.command(CommandKind.RETRY);
        steps.awaitNotice("PARKED ready cp3");
        engine.command(CommandKind.RETRY);

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps)
                .ran("kubelet cp1")
                .times(3)
                .ran("reverse kubelet cp1")
                .times(2)
                .ran("lock")
                .times(1);
        assertThat(steps.calls("move.kubelet")).extracting(call -> call.key()).doesNotHaveDuplicates();
        assertThat(steps.calls("move.kubelet.reverse"))
                .extracting(call -> call.key())
                .doesNotHaveDuplicates();
        assertThat(engine.stateOf("kubelet", "cp1")).isEqualTo(StepState.DONE);
        assertThat(engine.stateOf("drain", "w1")).isEqualTo(StepState.DONE);
    }

    @Test
    void anAbortFromThereUndoesTheRest() {
        steps.fails("kubelet cp1", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet cp1");

        engine.command(CommandKind.ABORT);

        assertThat(engine.end().status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps)
                .ranInOrder("reverse kubelet cp1", "undo cordon cp1", "undo lock")
                .ran("undo cordon cp1")
                .times(1);
    }

    @Test
    void whatTheHopDidOnceInThePhaseGoesBackTooAndIsAskedAgain() {
        steps.fails("kubelet cp1", FailureKind.PERMANENT, "DOWN");
        engine.start(Plans.on("cp1", "w1")
                .controlPlane(
                        approval("go", 1, false),
                        change("flag", "go"),
                        Plans.after(controlPlanes("planes", upgrade()), "flag")));
        steps.awaitNotice("AWAITING_APPROVAL go");
        engine.command(CommandKind.APPROVE);
        steps.awaitNotice("PARKED kubelet cp1");
        StepsAssert.assertThat(steps).ranInOrder("undo cordon cp1", "undo flag");

        engine.command(CommandKind.RETRY);
        steps.awaitNotice("AWAITING_APPROVAL go");
        engine.command(CommandKind.APPROVE);

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void anUndoThatFailsParksAndIsLeftByDecision() {
        steps.fails("kubelet cp1", FailureKind.PERMANENT, "DOWN");
        steps.fails("reverse kubelet cp1", FailureKind.PERMANENT, "NO_PACKAGE");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet cp1");
        assertThat(Objects.requireNonNull(engine.view().parked()).why()).contains("NO_PACKAGE");

        engine.command(CommandKind.SKIP);
        steps.awaitNotice("PARKED kubelet cp1");

        assertThat(Objects.requireNonNull(engine.view().parked()).why())
                .contains("1 effects undone, 1 left by decision");
    }

    @Test
    void withTheLastMemberOfEtcdNoControlPlaneGoesBackAlone() {
        steps.fails("ready cp2", FailureKind.PERMANENT, "DOWN");
        engine.start(Plans.on("cp1", "cp2")
                .raisingEtcd()
                .controlPlane(controlPlanes(
                        "planes", Plans.step("kubeadm.node", "node"), orBack("check.ready", "ready", "node"))));
        steps.awaitNotice("PARKED ready cp2");

        assertThat(Objects.requireNonNull(engine.view().parked()).why())
                .startsWith("controlPlane stands as it is, since every etcd member is new");
    }

    @Test
    void aLastMemberWhoseUpgradeFailedDoesNotHoldTheOthersUp() {
        steps.fails("node cp2", FailureKind.PERMANENT, "DOWN");
        steps.answers("plan cp2", StepState.SKIPPED);
        engine.start(Plans.on("cp1", "cp2")
                .raisingEtcd()
                .controlPlane(controlPlanes(
                        "planes",
                        orBack("kubeadm.plan", "plan"),
                        change("mark", "plan"),
                        orBack("kubeadm.node", "node", "mark"))));
        steps.awaitNotice("PARKED node cp2");

        StepsAssert.assertThat(steps).ranInOrder("undo mark cp2", "undo mark cp1");
    }

    @Test
    void aRestoreMayFollow() {
        steps.fails("kubelet cp1", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet cp1");

        assertThat(engine.rollback(Rung.RESTORE, null).accepted()).isTrue();

        assertThat(engine.end().status()).isEqualTo(RunStatus.ROLLED_BACK);
    }
}
