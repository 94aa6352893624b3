package dev.belay.workflows;

import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.soak;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepState;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AbortTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Plans climb() {
        return Plans.ofThreeWorkers("must.kubelet");
    }

    @Test
    void letsTheRunningStepFinishAndUndoesBackwardsWhatStepsDeclared() {
        ScriptedSteps.Hold hold = steps.hold("label w2");
        engine.start(climb());
        hold.awaitBegun();

        Reply reply = engine.order(CommandKind.ABORT);
        assertThat(reply.accepted()).isTrue();
        hold.release();
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ABORTED);
        assertThat(end.ended()).isEqualTo("Aborted. 5 effects were undone, 0 were left by decision.");
        StepsAssert.assertThat(steps)
                .neverRan("ready w2", "cordon w3", "undo kubelet w2", "undo kubelet w1", "undo etcd")
                .ranInOrder(
                        "label w2", "undo label w2", "undo cordon w2", "undo label w1", "undo cordon w1", "undo lock");
        assertThat(engine.stateOf("cordon", "w2")).isEqualTo(StepState.UNDONE);
        assertThat(engine.stateOf("cordon", "w1")).isEqualTo(StepState.UNDONE);
        assertThat(engine.stateOf("lock", null)).isEqualTo(StepState.UNDONE);
        assertThat(engine.stateOf("kubelet", "w2")).isEqualTo(StepState.DONE);
        assertThat(engine.view().hops().get(0).phases().get(2).state()).isEqualTo(StepState.UNDONE);
        assertThat(engine.view().effects())
                .extracting(effect -> effect.step() + " " + effect.node() + ": " + effect.action())
                .startsWith(
                        "lock null: lock done, undone", "cordon w1: cordon done, undone", "kubelet w1: kubelet done");
    }

    @Test
    void givesAnUndoTheCallAndTheOutputOfItsStepAndAKeyOfItsOwn() {
        ScriptedSteps.Hold hold = steps.hold("label w1");
        engine.start(climb());
        hold.awaitBegun();
        engine.order(CommandKind.ABORT);
        hold.release();
        engine.end();

        StepCall done = steps.calls("cordon").get(0);
        StepCall undo = steps.calls("cordon.undo").get(0);

        assertThat(undo.uses()).isEqualTo("do.cordon");
        assertThat(undo.undoOf()).isEqualTo(Map.of("by", "cordon w1"));
        assertThat(undo.when()).isNull();
        assertThat(undo.key()).isNotEqualTo(done.key());
    }

    @Test
    void undoesAParkedStepToo() {
        steps.fails("cordon w1", FailureKind.UNKNOWN, "LOST");
        engine.start(climb());
        steps.awaitNotice("PARKED cordon w1");

        engine.order(CommandKind.ABORT);
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ABORTED);
        assertThat(end.waiting()).isEmpty();
        StepsAssert.assertThat(steps).ranInOrder("cordon w1", "undo cordon w1", "undo lock");
        assertThat(steps.calls("cordon.undo").get(0).undoOf()).isNull();
    }

    @Test
    void leavesAloneWhatTheRunDidNotChange() {
        steps.answers("lock", StepState.ALREADY_DONE).answers("cordon w1", StepState.SKIPPED);
        ScriptedSteps.Hold hold = steps.hold("label w1");
        engine.start(climb());
        hold.awaitBegun();
        engine.order(CommandKind.ABORT);
        hold.release();

        RunState end = engine.end();

        StepsAssert.assertThat(steps).ran("undo label w1").neverRan("undo lock", "undo cordon w1");
        assertThat(end.hops().get(0).ledger())
                .filteredOn(entry -> entry.step().equals("lock"))
                .extracting(LedgerEntry::state)
                .containsExactly(LedgerEntry.State.VOID);
    }

    @Test
    void undoesWhatASecondTryFoundDoneSinceTheFirstMayHaveDoneIt() {
        steps.fails("lock", FailureKind.UNKNOWN, "LOST").answers("lock", StepState.ALREADY_DONE);
        ScriptedSteps.Hold hold = steps.hold("cordon w1");
        engine.start(climb());
        steps.awaitNotice("PARKED lock");
        engine.command(CommandKind.RETRY);
        hold.awaitBegun();
        engine.order(CommandKind.ABORT);
        hold.release();
        engine.end();

        StepsAssert.assertThat(steps).ran("undo lock").times(1);
    }

    @Test
    void parksAnUndoThatFailsAndTriesItAgain() {
        ScriptedSteps.Hold hold = steps.hold("label w1");
        steps.fails("undo cordon w1", FailureKind.PERMANENT, "API_DOWN");
        engine.start(climb());
        hold.awaitBegun();
        engine.order(CommandKind.ABORT);
        hold.release();
        steps.awaitNotice("PARKED cordon w1");

        assertThat(engine.view().status()).isEqualTo(RunStatus.PARKED);
        assertThat(engine.view().parked().why()).contains("undoing \"cordon done\" failed", "API_DOWN");
        assertThat(engine.view().parked().next()).isNotEmpty().noneMatch(next -> next.contains("abort"));
        assertThat(engine.command(CommandKind.RETRY).accepted()).isTrue();
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps).ran("undo cordon w1").times(2).before("undo lock");
        assertThat(steps.calls("cordon.undo")).extracting(StepCall::redo).containsExactly(0, 1);
    }

    @Test
    void leavesAnEffectStandingWhenAPersonSaysSo() {
        ScriptedSteps.Hold hold = steps.hold("label w1");
        steps.fails("undo cordon w1", FailureKind.PERMANENT, "API_DOWN");
        engine.start(climb());
        hold.awaitBegun();
        engine.order(CommandKind.ABORT);
        hold.release();
        steps.awaitNotice("PARKED cordon w1");

        engine.command(CommandKind.SKIP);
        RunState end = engine.end();

        assertThat(end.ended()).isEqualTo("Aborted. 2 effects were undone, 1 were left by decision.");
        StepsAssert.assertThat(steps).ran("undo cordon w1").times(1).before("undo lock");
        assertThat(engine.stateOf("cordon", "w1")).isEqualTo(StepState.DONE);
    }

    @Test
    void undoesTheHopsBeforeAsWell() {
        ScriptedSteps.Hold hold = steps.hold("lock");
        hold.release();
        ScriptedSteps.Hold second = steps.hold("lock");
        engine.start(Plans.on("w1")
                .climbing("v1.33.13", "v1.34.4", "v1.35.1")
                .prep(change("lock"))
                .workers(pool(0, 1, change("cordon"))));
        second.awaitBegun();
        engine.order(CommandKind.ABORT);
        second.release();

        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps)
                .ranInOrder("v1.35.1 undo lock", "v1.34.4 undo cordon w1", "v1.34.4 undo lock")
                .neverRan("v1.35.1 cordon w1");
        assertThat(end.hops()).allSatisfy(hop -> assertThat(hop.steps())
                .filteredOn(step -> step.id().equals("lock"))
                .allMatch(step -> step.state() == StepState.UNDONE));
    }

    @Test
    void interruptsASoak() {
        engine.start(Plans.on("cp1").prep(change("lock"), soak("rest", "10h", "lock"), check("after", "rest")));
        engine.awaitState("rest", null, StepState.WAITING);

        engine.order(CommandKind.ABORT);

        assertThat(engine.end().status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps).neverRan("after").ran("undo lock");
    }

    @Test
    void refusesASecondAbortAPauseAndEverythingAfterTheEnd() {
        ScriptedSteps.Hold hold = steps.hold("cordon w1");
        engine.start(climb());
        hold.awaitBegun();
        engine.order(CommandKind.ABORT);

        assertThat(engine.command(CommandKind.ABORT)).isEqualTo(new Reply(false, "the run is being aborted already"));
        assertThat(engine.command(CommandKind.PAUSE))
                .isEqualTo(new Reply(false, "the run is being aborted; an abort cannot be paused"));
        hold.release();
        engine.end();

        assertThat(engine.command(CommandKind.RESUME))
                .isEqualTo(new Reply(false, "this run is over: it takes no more commands"));
    }
}
