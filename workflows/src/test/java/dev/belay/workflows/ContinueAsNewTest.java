package dev.belay.workflows;

import static dev.belay.workflows.Plans.after;
import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepState;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContinueAsNewTest {

    private static final int LONG = 40;

    /** Finds a history long that a server would not. */
    public static final class ShortHop extends HopWorkflowImpl {
        @WorkflowInit
        public ShortHop(HopInput input) {
            super(input, () -> Workflow.getInfo().getHistoryLength() > LONG);
        }
    }

    /** Likewise, after every hop. */
    public static final class ShortRun extends RunWorkflowImpl {
        @WorkflowInit
        public ShortRun(RunInput input) {
            super(input, () -> true);
        }
    }

    private final Engine engine = new Engine(worker ->
            worker.registerWorkflowImplementationTypes(ShortRun.class, ShortHop.class, NodeWorkflowImpl.class));
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Plans climb() {
        return Plans.on("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8")
                .prep(change("lock"))
                .workers(
                        check("before"),
                        after(pool(0, 1, change("drain"), check("ready", "drain")), "before"),
                        check("after", "pool"))
                .verify(check("reached"));
    }

    private int runsOf(String workflowId) {
        String first = engine.history(workflowId)
                .getEvents()
                .get(0)
                .getWorkflowExecutionStartedEventAttributes()
                .getContinuedExecutionRunId();
        int runs = 1;
        while (!first.isEmpty()) {
            runs++;
            first = engine.client()
                    .fetchHistory(workflowId, first)
                    .getEvents()
                    .get(0)
                    .getWorkflowExecutionStartedEventAttributes()
                    .getContinuedExecutionRunId();
        }
        return runs;
    }

    @Test
    void goesOnBetweenBatchesAndDoesNothingTwice() {
        String run = engine.start(climb());
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(runsOf("k8s-upgrade/lab/" + run + "/v1.34.4")).isGreaterThan(2);
        for (int i = 1; i <= 8; i++) {
            StepsAssert.assertThat(steps)
                    .ran("drain w" + i)
                    .times(1)
                    .ran("ready w" + i)
                    .before("after");
        }
        StepsAssert.assertThat(steps)
                .ran("lock")
                .times(1)
                .ran("before")
                .times(1)
                .ran("after")
                .before("reached");
        assertThat(engine.view().steps()).allMatch(step -> step.state() == StepState.DONE);
        assertThat(engine.view().effects()).hasSize(9);
    }

    @Test
    void takesCommandsAfterwardsAndUndoesWhatWasDoneBefore() {
        steps.fails("drain w8", FailureKind.PERMANENT, "NO");
        String run = engine.start(climb());
        steps.awaitNotice("PARKED drain w8");
        assertThat(runsOf("k8s-upgrade/lab/" + run + "/v1.34.4")).isGreaterThan(1);

        engine.order(CommandKind.PAUSE);
        engine.order(CommandKind.ABORT);
        RunState end = engine.end();

        assertThat(end.status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps)
                .ranInOrder("undo drain w8", "undo drain w7", "undo drain w2", "undo drain w1", "undo lock")
                .neverRan("after");
        for (int i = 1; i <= 8; i++) {
            StepsAssert.assertThat(steps).ran("undo drain w" + i).times(1);
        }
    }

    @Test
    void staysPausedOverIt() {
        ScriptedSteps.Hold hold = steps.hold("drain w2");
        engine.start(climb());
        hold.awaitBegun();
        engine.order(CommandKind.PAUSE);
        hold.release();
        engine.awaitState("drain", "w2", StepState.DONE);

        StepsAssert.assertThat(steps).neverRan("drain w3");
        engine.order(CommandKind.RESUME);

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void carriesTheRunFromHopToHopWithItsNameItsCommandsAndItsLedger() {
        ScriptedSteps.Hold hold = steps.hold("look");
        engine.start(Plans.on("w1")
                .climbing("v1.33.13", "v1.34.4", "v1.35.1", "v1.36.2")
                .prep(check("look"), change("lock", "look"), step("check.b", "bad", "lock")));
        hold.awaitBegun();
        String run = engine.state().run();
        engine.command(CommandKind.RESUME);
        hold.release();

        ScriptedSteps.Hold last = steps.hold("v1.36.2 bad");
        last.awaitBegun();
        engine.order(CommandKind.ABORT);
        last.release();
        RunState end = engine.end();

        assertThat(end.run()).isEqualTo(run);
        assertThat(end.commands()).hasSize(2);
        assertThat(end.hops()).hasSize(3);
        assertThat(runsOf("k8s-upgrade/lab")).isEqualTo(3);
        StepsAssert.assertThat(steps).ranInOrder("v1.36.2 undo lock", "v1.35.1 undo lock", "v1.34.4 undo lock");
    }
}
