package dev.belay.workflows;

import static dev.belay.workflows.Plans.after;
import static dev.belay.workflows.Plans.approvalWhen;
import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.controlPlanes;
import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void startsAStepOnlyAfterAllItNeeds() {
        engine.climb(Plans.on("cp1")
                .prep(check("last", "left", "right"), check("left", "first"), check("right", "first"), check("first")));

        StepsAssert.assertThat(steps)
                .ranInOrder("first", "left", "last")
                .ran("first")
                .before("right")
                .ran("right")
                .before("last");
    }

    @Test
    void runsStepsThatDoNotNeedEachOtherAtTheSameTime() {
        ScriptedSteps.Hold left = steps.hold("left");
        ScriptedSteps.Hold right = steps.hold("right");

        engine.start(Plans.on("cp1").prep(check("left"), check("right"), check("after", "left", "right")));
        left.awaitBegun();
        right.awaitBegun();
        right.release();
        left.release();

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ran("after").times(1);
    }

    @Test
    void givesAStepTheOutputsOfEverythingUpstreamAndOfNothingElse() {
        engine.climb(Plans.on("cp1", "w1")
                .prep(check("a"), check("b", "a"), check("other"), check("c", "b"))
                .workers(check("before"), check("beside"), after(pool(0, 1, check("x"), check("y", "x")), "before")));

        assertThat(only("c").outputs()).containsOnlyKeys("a", "b");
        assertThat(only("x").outputs()).containsOnlyKeys("before");
        assertThat(only("y").outputs()).containsOnlyKeys("before", "x");
        assertThat(only("y").outputs().get("x")).isEqualTo(Map.of("by", "x w1"));
    }

    private StepCall only(String step) {
        List<StepCall> calls = steps.calls(step);
        assertThat(calls).hasSize(1);
        return calls.get(0);
    }

    @Test
    void countsASkippedStepAsSatisfiedButGivesNoOutputOfIt() {
        steps.answers("maybe", StepState.SKIPPED);

        engine.climb(Plans.on("cp1").prep(check("maybe"), check("next", "maybe")));

        assertThat(only("next").outputs()).isEmpty();
        assertThat(engine.step("maybe", null).state()).isEqualTo(StepState.SKIPPED);
        assertThat(engine.step("maybe", null).why()).isEqualTo("SKIPPED as scripted");
    }

    @Test
    void leavesOutAGroupWhoseConditionDoesNotHold() {
        steps.condition("hop.last", false);

        RunState end = engine.climb(
                Plans.on("w1").workers(when(pool(0, 1, change("drain")), "hop.last"), check("after", "pool")));

        StepsAssert.assertThat(steps).neverRan("drain w1").ran("after");
        assertThat(end.progress()).isNotNull();
        assertThat(end.progress().nodesDone()).isEqualTo(1);
        assertThat(engine.stateOf("drain", "w1")).isEqualTo(StepState.PENDING);
    }

    @Test
    void asksNobodyWhenTheConditionOfAnApprovalDoesNotHold() {
        steps.condition("hop.first", false);

        RunState end = engine.climb(Plans.on("cp1").prep(approvalWhen("go", "hop.first"), check("after", "go")));

        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.step("go", null).state()).isEqualTo(StepState.SKIPPED);
        StepsAssert.assertThat(steps).ran("after");
    }

    @Test
    void beginsABatchOnlyAfterEveryNodeOfTheOneBefore() {
        ScriptedSteps.Hold slow = steps.hold("drain w2");
        ScriptedSteps.Hold fast = steps.hold("drain w3");

        engine.start(Plans.on("w1", "w2", "w3", "w4", "w5")
                .workers(pool(1, 2, change("drain"), change("kubelet", "drain"))));
        slow.awaitBegun();
        fast.awaitBegun();
        StepsAssert.assertThat(steps).ran("kubelet w1").before("drain w2").neverRan("drain w4", "drain w5");
        fast.release();
        slow.release();
        engine.end();

        StepsAssert.assertThat(steps)
                .ran("kubelet w2")
                .before("drain w4")
                .ran("kubelet w3")
                .before("drain w5");
    }

    @Test
    void visitsNodesOneAtATimeWhereTheBatchIsOne() {
        engine.climb(Plans.on("cp1", "cp2", "cp3")
                .controlPlane(controlPlanes("members", change("apply"), check("healthy", "apply"))));

        StepsAssert.assertThat(steps)
                .ranInOrder("apply cp1", "healthy cp1", "apply cp2", "healthy cp2", "apply cp3", "healthy cp3");
    }

    @Test
    void walksAThousandIndependentStepsWithoutAThousandThreads() {
        Plans plans = Plans.on("cp1");
        for (int i = 0; i < 1_000; i++) {
            plans.prep(check("s" + i));
        }

        RunState end = engine.climb(plans);

        assertThat(end.hops().get(0).steps()).hasSize(1_000).allMatch(step -> step.state() == StepState.DONE);
    }
}
