package dev.belay.workflows;

import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What people can do to a run in Temporal's own tools. */
class CancelTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Plans climb() {
        return Plans.on("w1", "w2")
                .prep(change("lock"))
                .workers(pool(0, 1, change("cordon"), change("drain", "cordon"), check("ready", "drain")));
    }

    @Test
    void isASafeStopThatFinishesTheRunningStepAndLeavesAllStanding() {
        ScriptedSteps.Hold drain = steps.hold("drain w1");
        engine.start(climb());
        drain.awaitBegun();

        engine.run().cancel("maintenance is over");
        engine.awaitCancelRequestedBelow();
        drain.release();

        assertThatThrownBy(engine::end).isInstanceOf(WorkflowFailedException.class);
        StepsAssert.assertThat(steps)
                .ran("drain w1")
                .times(1)
                .neverRan("ready w1", "cordon w2", "undo cordon w1", "undo lock");
        RunView view = engine.view();
        assertThat(view.status()).isEqualTo(RunStatus.ABORTED);
        assertThat(engine.state().ended()).contains("Stopped by a Temporal cancel request", "nothing was undone");
        assertThat(engine.stateOf("drain", "w1")).isEqualTo(StepState.DONE);
        assertThat(engine.stateOf("ready", "w1")).isEqualTo(StepState.PENDING);
        assertThat(view.effects())
                .extracting(RunView.Effect::action)
                .containsExactly("lock done", "cordon done", "drain done");
        assertThat(view.hops().get(0).phases().get(2).state()).isEqualTo(StepState.PARKED);
    }

    @Test
    void endsAParkedRunToo() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        engine.start(climb());
        steps.awaitNotice("PARKED drain w1");

        engine.run().cancel();

        assertThatThrownBy(engine::end).isInstanceOf(WorkflowFailedException.class);
        assertThat(engine.stateOf("drain", "w1")).isEqualTo(StepState.PARKED);
        StepsAssert.assertThat(steps).neverRan("undo cordon w1");
    }

    @Test
    void doesNotLeaveAnAbortHalfWay() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        engine.start(climb());
        steps.awaitNotice("PARKED drain w1");
        ScriptedSteps.Hold undo = steps.hold("undo cordon w1");
        engine.order(CommandKind.ABORT);
        undo.awaitBegun();

        engine.run().cancel();
        engine.awaitCancelRequestedBelow();
        undo.release();

        assertThatThrownBy(engine::end).isInstanceOf(WorkflowFailedException.class);
        StepsAssert.assertThat(steps)
                .ran("undo drain w1")
                .before("undo cordon w1")
                .ran("undo cordon w1")
                .before("undo lock");
    }

    @Test
    @EnabledIfSystemProperty(
            named = Engine.REAL,
            matches = ".+",
            disabledReason = "the test server tells no parent of it")
    void parksANodeWhoseWorkflowWasTerminatedAndVisitsItAgain() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        engine.start(climb());
        steps.awaitNotice("PARKED drain w1");

        engine.node("w1").terminate("somebody clicked");
        steps.awaitNotice("PARKED pool w1");
        assertThat(engine.view().parked().why()).contains("the workflow of node w1 was lost", "terminated in Temporal");
        assertThat(engine.state().waiting()).hasSize(1);
        engine.command(CommandKind.RETRY);

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ran("cordon w1").times(2).ran("ready w1").before("cordon w2");
    }

    @Test
    void parksANodeWhoseWorkflowWasCancelled() {
        ScriptedSteps.Hold drain = steps.hold("drain w1");
        engine.start(climb());
        drain.awaitBegun();
        WorkflowStub node = engine.node("w1");

        node.cancel();
        drain.release();
        steps.awaitNotice("PARKED pool w1");

        assertThat(node.describe().getStatus()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED);
        StepsAssert.assertThat(steps).neverRan("ready w1", "cordon w2");
        engine.command(CommandKind.SKIP);
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ran("cordon w2");
    }

    @Test
    @EnabledIfSystemProperty(
            named = Engine.REAL,
            matches = ".+",
            disabledReason = "the test server tells no parent of it")
    void parksARunWhoseHopWasTerminated() {
        ScriptedSteps.Hold lock = steps.hold("lock");
        engine.start(climb());
        lock.awaitBegun();

        engine.hop().terminate("somebody clicked");
        steps.awaitNotice("PARKED v1.34.4");
        lock.release();
        assertThat(engine.view().parked().why()).contains("the workflow of this hop was lost");
        assertThat(engine.command(CommandKind.SKIP).why())
                .isEqualTo("v1.34.4 cannot be skipped; retry it, or abort the run");
        assertThat(engine.command(CommandKind.RETRY).accepted()).isTrue();

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ran("lock").times(2);
    }

    @Test
    void showsATerminatedRunAsEndedWithAllStanding() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        engine.start(climb());
        steps.awaitNotice("PARKED drain w1");

        engine.run().terminate("somebody clicked");

        RunView view = engine.view();
        assertThat(view.status()).isEqualTo(RunStatus.ABORTED);
        assertThat(view.parked().why()).contains("terminated in Temporal", "nothing was undone");
        assertThat(view.effects()).hasSize(3);
    }
}
