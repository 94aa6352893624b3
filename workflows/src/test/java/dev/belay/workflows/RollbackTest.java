package dev.belay.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView.RungView;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepState;
import dev.belay.workflows.client.RunClient;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollbackTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Plans climb() {
        return Plans.ofThreeWorkers("move.kubelet");
    }

    @Test
    void takesBackTheStepThatStandsAndStandsThereStill() {
        steps.fails("kubelet w1", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet w1");

        assertThat(engine.rollback(Rung.STEP, null).why()).isEqualTo("taking back kubelet on w1; it stands afterwards");
        steps.awaitNotice("PARKED kubelet w1");

        assertThat(engine.view().parked().why())
                .startsWith("taken back for alice@laptop (as tested); before that: DOWN as scripted");
        StepsAssert.assertThat(steps)
                .ranInOrder("kubelet w1", "reverse kubelet w1")
                .neverRan("undo cordon w1");
        engine.command(CommandKind.RETRY);
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ran("kubelet w1").times(2);
        assertThat(engine.stateOf("kubelet", "w1")).isEqualTo(StepState.DONE);
    }

    @Test
    void takesOneFinishedNodeBackWholeAndLeavesTheOthersAsTheyAre() {
        ScriptedSteps.Hold hold = steps.hold("label w3");
        engine.start(climb());
        hold.awaitBegun();

        assertThat(engine.rollback(Rung.NODE, "w1").accepted()).isTrue();
        hold.release();
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ROLLED_BACK);
        assertThat(end.ended()).startsWith("Rolled back: node w1.");
        StepsAssert.assertThat(steps)
                .ranInOrder(
                        "label w3",
                        "undo label w3",
                        "undo cordon w3",
                        "undo label w1",
                        "reverse kubelet w1",
                        "undo cordon w1",
                        "undo lock")
                .neverRan("reverse kubelet w2", "undo label w2", "undo cordon w2", "reverse kubelet w3", "ready w3");
        assertThat(engine.stateOf("kubelet", "w1")).isEqualTo(StepState.UNDONE);
        assertThat(engine.stateOf("kubelet", "w2")).isEqualTo(StepState.DONE);
    }

    @Test
    void takesTheNodeThatStandsBack() {
        steps.fails("kubelet w2", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet w2");

        engine.rollback(Rung.NODE, "w2");

        assertThat(engine.end().status()).isEqualTo(RunStatus.ROLLED_BACK);
        StepsAssert.assertThat(steps)
                .ranInOrder("reverse kubelet w2", "undo cordon w2", "undo lock")
                .neverRan("reverse kubelet w1", "undo cordon w1");
    }

    @Test
    void parksAReversalThatFailsAndTriesItAgainUnderAKeyOfItsOwn() {
        steps.fails("kubelet w1", FailureKind.PERMANENT, "DOWN");
        steps.fails("reverse kubelet w1", FailureKind.PERMANENT, "NO_PACKAGE");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet w1");

        engine.rollback(Rung.NODE, "w1");
        steps.awaitNotice("PARKED kubelet w1");
        assertThat(engine.view().parked().why()).contains("undoing \"kubelet done\" failed", "NO_PACKAGE");
        engine.command(CommandKind.RETRY);

        assertThat(engine.end().status()).isEqualTo(RunStatus.ROLLED_BACK);
        assertThat(steps.calls("kubelet.reverse"))
                .extracting(call -> call.redo())
                .containsExactly(0, 1);
    }

    @Test
    void takesANodeOfAClosedRunBackByAnotherRun() {
        RunState climbed = engine.climb(climb());
        Plan plan = climbed.plan();
        Command command = new Command(
                "r-1", CommandKind.ROLLBACK, "bob@desk", "w2 is slow", null, null, new NodeName("w2"), null, Rung.NODE);

        RunClient.start(
                engine.client(), RunInput.of(plan, Engine.SITE, new Retreat(climbed.run(), climbed.hops(), command)));
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ROLLED_BACK);
        assertThat(end.author()).isEqualTo("bob@desk");
        assertThat(end.commands()).extracting(record -> record.command().kind()).containsExactly(CommandKind.ROLLBACK);
        StepsAssert.assertThat(steps)
                .ranInOrder("undo label w2", "reverse kubelet w2", "undo cordon w2", "undo lock")
                .neverRan("reverse kubelet w1", "undo cordon w3");
    }

    @Test
    void givesWayToARestoreWithoutTouchingAnything() {
        steps.fails("kubelet w1", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet w1");

        engine.rollback(Rung.RESTORE, null);
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ROLLED_BACK);
        assertThat(end.ended()).contains("Given up for restore", "It stands: lock done, cordon done, kubelet done.");
        StepsAssert.assertThat(steps).neverRan("undo cordon w1", "reverse kubelet w1", "undo lock");
    }

    @Test
    void holdsWhenTheControlPlaneIsNewAndLooksAtItUntilItIsWhole() {
        steps.fails("kubelet w1", FailureKind.PERMANENT, "DOWN");
        steps.fails("held", FailureKind.PRECONDITION, "NOT_WHOLE");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet w1");

        assertThat(engine.rollback(Rung.HOLD, null).accepted()).isTrue();
        steps.awaitNotice("PARKED held");
        engine.command(CommandKind.RETRY);
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ROLLED_BACK);
        assertThat(end.ended()).startsWith("Held: ");
        StepsAssert.assertThat(steps)
                .ranInOrder("undo cordon w1", "undo lock", "held")
                .neverRan("reverse kubelet w1")
                .ran("held")
                .times(2);
    }

    @Test
    void refusesInWordsWhatDoesNotFit() {
        ScriptedSteps.Hold hold = steps.hold("etcd");
        engine.start(climb());
        hold.awaitBegun();

        assertThat(engine.rollback(Rung.STEP, null).why()).isEqualTo("nothing is parked");
        assertThat(engine.rollback(Rung.NODE, null).why()).isEqualTo("the rung node needs --node: which one goes back");
        assertThat(engine.rollback(Rung.NODE, "w9").why()).isEqualTo("the plan has no node w9");
        assertThat(engine.rollback(Rung.HOLD, null).why())
                .isEqualTo("hold needs a control plane that is new on every node, and this one is not yet");
        assertThat(engine.rollback(null, null).why()).startsWith("a rollback names a rung: step, node, hold");
        hold.release();
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void showsWhichRungsAreOpenAndWhyTheOthersAreNot() {
        steps.fails("kubelet w2", FailureKind.PERMANENT, "DOWN");
        engine.start(climb());
        steps.awaitNotice("PARKED kubelet w2");

        assertThat(engine.view().rungs())
                .extracting(RungView::name, RungView::open, RungView::why)
                .contains(
                        tuple(Rung.STEP, true, "takes back kubelet on w2, and stands there"),
                        tuple(Rung.RESTORE, false, "this hop has taken no snapshot yet"));
        assertThat(engine.view().rungs().get(1).why()).startsWith("takes one of w1, w2 back to v1.33.13, drained");
    }

    @Test
    void aRestoreIsClosedUntilTheFilesOfTheNodesAreKept() {
        steps.then(
                        "snapshot",
                        call -> ScriptedSteps.outcome(
                                call, StepState.DONE, Map.of("path", "lab/run/hop/db", "revision", 7), "taken"))
                .fails("files", FailureKind.PERMANENT, "DOWN");
        engine.start(Plans.on("cp1")
                .prep(Plans.step("backup.etcd", "snapshot"), Plans.step("backup.files", "files", "snapshot")));
        steps.awaitNotice("PARKED files");

        assertThat(engine.view().rungs())
                .extracting(RungView::name, RungView::open, RungView::why)
                .contains(tuple(Rung.RESTORE, false, "this hop has not kept the files of the nodes yet"));

        engine.command(CommandKind.RETRY);
        engine.end();
        assertThat(engine.view().rungs())
                .extracting(RungView::name, RungView::open)
                .contains(tuple(Rung.RESTORE, true));
    }
}
