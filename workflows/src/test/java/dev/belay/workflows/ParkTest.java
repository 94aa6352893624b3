package dev.belay.workflows;

import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.unimportant;
import static dev.belay.workflows.Plans.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParkTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void parksWhatCannotBeRetriedAndSaysWhyAndWhatToType() {
        steps.fails("drain w1", FailureKind.PRECONDITION, "DRAIN_BLOCKED");
        String run = engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"))));
        steps.awaitNotice("PARKED drain w1");

        RunView view = engine.view();

        assertThat(view.status()).isEqualTo(RunStatus.PARKED);
        assertThat(view.parked()).isNotNull();
        assertThat(view.parked().step()).isEqualTo("drain");
        assertThat(view.parked().node()).isEqualTo(new NodeName("w1"));
        assertThat(view.parked().why()).contains("DRAIN_BLOCKED as scripted");
        assertThat(view.parked().next())
                .containsExactly(
                        "belay retry " + run + " --step drain --node w1",
                        "belay skip " + run + " --step drain --node w1 --reason ...",
                        "belay abort " + run + " --reason ...");
        assertThat(engine.stateOf("drain", "w1")).isEqualTo(StepState.PARKED);
        assertThat(view.hops().get(0).phases().get(2).state()).isEqualTo(StepState.PARKED);
    }

    @Test
    void triesAParkedStepAgainUnderANewRemoteJobAndGoesOn() {
        steps.fails("drain w1", FailureKind.UNKNOWN, "LOST");
        engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"), change("kubelet", "drain"))));
        steps.awaitNotice("PARKED drain w1");

        Reply reply = engine.command(CommandKind.RETRY);
        steps.awaitNotice("RESUMED drain w1");

        assertThat(reply.accepted()).as(reply.why()).isTrue();
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        StepsAssert.assertThat(steps).ran("drain w1").times(2).ran("kubelet w1").times(1);
        assertThat(steps.calls("drain")).extracting(StepCall::redo).containsExactly(0, 1);
        assertThat(engine.step("drain", "w1").attempts()).isEqualTo(2);
    }

    @Test
    void skipsAParkedStepAndRecordsWhoSaidSo() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"), change("kubelet", "drain"))));
        steps.awaitNotice("PARKED drain w1");

        engine.command("bob@desk", CommandKind.SKIP, "drain", "w1");

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.step("drain", "w1").state()).isEqualTo(StepState.SKIPPED);
        assertThat(engine.step("drain", "w1").why()).isEqualTo("skipped by bob@desk: as tested");
        StepsAssert.assertThat(steps).ran("drain w1").times(1).ran("kubelet w1");
    }

    @Test
    void letsSiblingsFinishAndBeginsNoNewBatchWhileANodeIsParked() {
        steps.fails("drain w1", FailureKind.PRECONDITION, "DRAIN_BLOCKED");
        engine.start(Plans.on("w1", "w2", "w3").workers(pool(0, 2, change("drain"), change("kubelet", "drain"))));
        steps.awaitNotice("PARKED drain w1");
        engine.awaitState("kubelet", "w2", StepState.DONE);

        StepsAssert.assertThat(steps).neverRan("drain w3");
        engine.command(CommandKind.RETRY, "drain", "w1");
        engine.end();

        StepsAssert.assertThat(steps)
                .ran("kubelet w1")
                .before("drain w3")
                .ran("kubelet w2")
                .before("drain w3");
    }

    @Test
    void startsNothingNewBesideAParkedStep() {
        ScriptedSteps.Hold slow = steps.hold("slow");
        steps.fails("bad", FailureKind.PERMANENT, "NO");
        engine.start(Plans.on("cp1").prep(check("bad"), check("slow"), check("after", "slow")));
        steps.awaitNotice("PARKED bad");
        slow.awaitBegun();
        slow.release();
        engine.awaitState("slow", null, StepState.DONE);

        StepsAssert.assertThat(steps).neverRan("after");
        engine.command(CommandKind.RETRY, "bad", null);
        engine.end();

        StepsAssert.assertThat(steps).ran("bad").times(2).ran("after").times(1);
    }

    @Test
    void refusesInWordsToRetryWhatIsNotParked() {
        ScriptedSteps.Hold hold = steps.hold("drain w1");
        engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"))));
        hold.awaitBegun();

        assertThat(engine.command(CommandKind.RETRY)).isEqualTo(new Reply(false, "nothing is parked"));
        assertThat(engine.command(CommandKind.SKIP, "drain", "w1")).isEqualTo(new Reply(false, "nothing is parked"));
        hold.release();

        assertThat(engine.end().commands())
                .extracting(record -> record.reply().accepted())
                .containsExactly(false, false);
    }

    @Test
    void refusesAWrongStepAndAnAmbiguousCommandByNamingTheRightOnes() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        steps.fails("drain w2", FailureKind.PERMANENT, "NO");
        engine.start(Plans.on("w1", "w2").workers(pool(0, 2, change("drain"))));
        steps.awaitNotices("PARKED drain w1", "PARKED drain w2");

        assertThat(engine.command(CommandKind.RETRY, "kubelet", "w1").why())
                .startsWith("kubelet on w1 is not parked; this is: ")
                .contains("drain on w1", "drain on w2");
        assertThat(engine.command(CommandKind.RETRY).why())
                .startsWith("2 steps are parked, name one with --step and --node: ")
                .contains("drain on w1", "drain on w2");
        assertThat(engine.command(CommandKind.RETRY, null, "w2").accepted()).isTrue();
        assertThat(engine.command(CommandKind.RETRY).accepted()).isTrue();

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void answersASecondRetryOfTheSameStepWithARefusal() {
        steps.fails("drain w1", FailureKind.PERMANENT, "NO");
        ScriptedSteps.Hold hold = steps.hold("drain w1");
        engine.start(Plans.on("w1").workers(pool(0, 1, change("drain"))));
        steps.awaitNotice("PARKED drain w1");

        assertThat(engine.command(CommandKind.RETRY).accepted()).isTrue();
        assertThat(engine.command(CommandKind.RETRY)).isEqualTo(new Reply(false, "nothing is parked"));
        hold.awaitBegun();
        hold.release();

        engine.end();
        StepsAssert.assertThat(steps).ran("drain w1").times(2);
    }

    @Test
    void parksAFailureThatNobodyClassified() {
        steps.then("access", call -> {
            throw new IllegalStateException("a bug");
        });
        steps.then("access", call -> {
            throw io.temporal.failure.ApplicationFailure.newNonRetryableFailure("odd", "SomethingElse");
        });
        engine.start(Plans.on("cp1").prep(check("access")));
        steps.awaitNotice("PARKED access");

        assertThat(engine.view().parked().why()).contains("odd", "UNCLASSIFIED");
    }

    @Test
    void parksWhenTheAnswerIsOfAnotherStep() {
        steps.then(
                "access",
                call -> new StepOutcome(
                        "other", StepState.DONE, Map.of(), "", java.time.Instant.EPOCH, java.time.Instant.EPOCH));
        engine.start(Plans.on("cp1").prep(check("access")));
        steps.awaitNotice("PARKED access");

        assertThat(engine.view().parked().why()).contains("step access was answered by step other", "WRONG_ANSWER");
        assertThat(engine.state().waiting().get(0).failure().kind()).isEqualTo(FailureKind.PERMANENT);
    }

    @Test
    void parksAConditionThatCannotBeEvaluatedAndEvaluatesItAgain() {
        steps.cannotEvaluate("steps.gone.id == '1'");
        engine.start(Plans.on("w1").workers(when(pool(0, 1, change("drain")), "steps.gone.id == '1'")));
        steps.awaitNotice("PARKED pool");

        assertThat(engine.view().parked().why()).contains("BAD_EXPRESSION");
        engine.command(CommandKind.RETRY);
        engine.end();

        assertThat(engine.stateOf("drain", "w1")).isEqualTo(StepState.DONE);
    }

    @Test
    void recordsTheFailureOfAnUnimportantStepAndGoesOn() {
        steps.fails("look", FailureKind.PERMANENT, "NO");

        RunState end = engine.climb(Plans.on("cp1").prep(unimportant("look"), check("next", "look")));

        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.step("look", null).state()).isEqualTo(StepState.SKIPPED);
        assertThat(engine.step("look", null).why()).contains("failed, and the runbook goes on", "NO as scripted");
        StepsAssert.assertThat(steps).ran("next");
    }

    @Test
    void retriesTransientFailuresByItselfAndParksTheLastOne() {
        steps.drops("access", 2).drops("other", 3);
        engine.start(Plans.on("cp1").prep(check("access"), check("other", "access")));
        engine.pass(java.time.Duration.ofMinutes(5));
        steps.awaitNotice("PARKED other");

        assertThat(engine.state().waiting().get(0).failure().kind()).isEqualTo(FailureKind.TRANSIENT);
        engine.command(CommandKind.RETRY);
        engine.end();

        StepsAssert.assertThat(steps).ran("access").times(3).ran("other").times(4);
        assertThat(steps.calls("access")).extracting(StepCall::redo).containsOnly(0);
    }
}
