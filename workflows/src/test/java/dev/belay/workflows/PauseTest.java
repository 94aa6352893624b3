package dev.belay.workflows;

import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PauseTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void letsTheRunningStepFinishAndStartsNothingNewUntilResumed() {
        ScriptedSteps.Hold drain = steps.hold("drain w1");
        engine.start(Plans.on("w1", "w2").workers(pool(0, 1, change("drain"), change("kubelet", "drain"))));
        drain.awaitBegun();

        assertThat(engine.order(CommandKind.PAUSE))
                .isEqualTo(new Reply(true, "paused: running steps finish, nothing new starts"));
        drain.release();
        engine.awaitState("drain", "w1", StepState.DONE);
        assertThat(engine.view().status()).isEqualTo(RunStatus.PAUSED);
        StepsAssert.assertThat(steps).neverRan("kubelet w1");

        assertThat(engine.order(CommandKind.RESUME).accepted()).isTrue();
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ranInOrder("drain w1", "kubelet w1", "drain w2", "kubelet w2");
    }

    @Test
    void holdsInAPhaseOfTheHopToo() {
        ScriptedSteps.Hold access = steps.hold("access");
        engine.start(
                Plans.on("cp1").prep(check("access"), check("etcd", "access")).controlPlane(check("apply")));
        access.awaitBegun();
        engine.order(CommandKind.PAUSE);
        access.release();
        engine.awaitState("access", null, StepState.DONE);

        StepsAssert.assertThat(steps).neverRan("etcd");
        engine.order(CommandKind.RESUME);
        engine.end();

        StepsAssert.assertThat(steps).ranInOrder("access", "etcd", "apply");
    }

    @Test
    void refusesWhatDoesNotFit() {
        ScriptedSteps.Hold access = steps.hold("access");
        engine.start(Plans.on("cp1").prep(check("access")));
        access.awaitBegun();

        assertThat(engine.command(CommandKind.RESUME)).isEqualTo(new Reply(false, "the run is not paused"));
        engine.order(CommandKind.PAUSE);
        assertThat(engine.command(CommandKind.PAUSE)).isEqualTo(new Reply(false, "the run is paused already"));
        engine.order(CommandKind.RESUME);
        access.release();

        engine.end();
    }

    @Test
    void keepsARetryUntilResumed() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"))));
        steps.awaitNotice("PARKED drain w1");
        engine.order(CommandKind.PAUSE);

        assertThat(engine.command(CommandKind.RETRY).why())
                .isEqualTo("trying again: drain on w1, once the run is resumed");
        steps.awaitNotice("RESUMED drain w1");
        assertThat(engine.view().status()).isEqualTo(RunStatus.PAUSED);
        StepsAssert.assertThat(steps).ran("drain w1").times(1);
        engine.order(CommandKind.RESUME);
        engine.end();

        StepsAssert.assertThat(steps).ran("drain w1").times(2);
    }

    @Test
    void canBeAborted() {
        ScriptedSteps.Hold drain = steps.hold("drain w1");
        engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"), change("kubelet", "drain"))));
        drain.awaitBegun();
        engine.order(CommandKind.PAUSE);
        engine.order(CommandKind.ABORT);
        drain.release();

        assertThat(engine.end().status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps).neverRan("kubelet w1").ran("undo drain w1");
    }
}
