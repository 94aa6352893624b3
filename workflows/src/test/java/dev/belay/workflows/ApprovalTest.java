package dev.belay.workflows;

import static dev.belay.workflows.Plans.approval;
import static dev.belay.workflows.Plans.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApprovalTest {

    private final Engine engine = new Engine();
    private final ScriptedSteps steps = engine.steps();

    @AfterEach
    void close() {
        engine.close();
    }

    private String awaiting(int min, boolean notAuthor) {
        String run = engine.start(
                Plans.on("cp1").prep(approval("go", min, notAuthor)).controlPlane(check("apply")));
        steps.awaitNotice("AWAITING_APPROVAL go");
        return run;
    }

    private Reply approve(String actor) {
        return engine.command(actor, CommandKind.APPROVE, null, null);
    }

    @Test
    void touchesNothingBeforeItIsApproved() {
        String run = awaiting(1, false);

        RunView view = engine.view();
        assertThat(view.status()).isEqualTo(RunStatus.AWAITING_APPROVAL);
        assertThat(view.parked()).isNotNull();
        assertThat(view.parked().why()).contains("May it?", "0 of 1 approved");
        assertThat(view.parked().next())
                .containsExactly(
                        "belay approve " + run + " --step go",
                        "belay reject " + run + " --step go --reason ...",
                        "belay abort " + run + " --reason ...");
        assertThat(view.hops().get(0).phases().get(0).state()).isEqualTo(StepState.WAITING);
        StepsAssert.assertThat(steps).neverRan("apply");

        assertThat(approve("bob@desk").why()).isEqualTo("approved by name only: go");
        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.step("go", null).why()).isEqualTo("approved by bob@desk, by name only");
        assertThat(engine.step("go", null).uses()).isEqualTo("approval");
    }

    @Test
    void needsTwoDifferentPeople() {
        awaiting(2, false);

        assertThat(approve("bob@desk")).isEqualTo(new Reply(true, "approved by name only: go, 1 more needed"));
        assertThat(approve("bob@desk"))
                .isEqualTo(new Reply(false, "bob@desk has approved go already; it needs 2 different people"));
        assertThat(approve("Bob@elsewhere").accepted()).isFalse();
        assertThat(engine.view().parked().why()).contains("1 of 2 approved, by bob@desk");
        StepsAssert.assertThat(steps).neverRan("apply");
        assertThat(approve("carol@desk").accepted()).isTrue();

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.step("go", null).why()).isEqualTo("approved by bob@desk, carol@desk, by name only");
    }

    @Test
    void doesNotCountWhoStartedTheRun() {
        awaiting(1, true);

        assertThat(approve("alice@desk"))
                .isEqualTo(new Reply(false, "alice@desk started the run, and go needs somebody else"));
        assertThat(approve("bob@desk").accepted()).isTrue();

        engine.end();
    }

    @Test
    void parksWhenRejectedAndAsksAgainAfterARetry() {
        awaiting(1, false);

        assertThat(engine.command("bob@desk", CommandKind.REJECT, "go", null).accepted())
                .isTrue();
        steps.awaitNotice("PARKED go");
        assertThat(engine.view().status()).isEqualTo(RunStatus.PARKED);
        assertThat(engine.view().parked().why()).contains("rejected by bob@desk: as tested");
        assertThat(approve("carol@desk").why()).isEqualTo("nothing is awaiting approval");
        engine.command(CommandKind.RETRY);
        steps.awaitNotice("AWAITING_APPROVAL go");
        assertThat(approve("carol@desk").accepted()).isTrue();

        assertThat(engine.end().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void takesSilenceForNo() {
        awaiting(2, false);
        approve("bob@desk");

        engine.pass(Duration.ofHours(13));
        steps.awaitNotice("PARKED go");

        assertThat(engine.view().status()).isEqualTo(RunStatus.PARKED);
        assertThat(engine.view().parked().why())
                .contains("the time to approve is over", "only bob@desk approved", "EXPIRED");
        StepsAssert.assertThat(steps).neverRan("apply");
    }

    @Test
    void isNotWaitedForByASkip() {
        awaiting(1, true);

        assertThat(engine.command(CommandKind.SKIP, "go", null).why()).isEqualTo("nothing is parked");
        engine.command("bob@desk", CommandKind.REJECT, null, null);
        steps.awaitNotice("PARKED go");

        assertThat(engine.command(CommandKind.SKIP, "go", null))
                .isEqualTo(new Reply(false, "go cannot be skipped; retry it, or abort the run"));
        assertThat(engine.view().parked().next()).noneMatch(next -> next.contains("skip"));
    }

    @Test
    void endsWithAnAbort() {
        awaiting(1, false);

        engine.command(CommandKind.ABORT);

        assertThat(engine.end().status()).isEqualTo(RunStatus.ABORTED);
        StepsAssert.assertThat(steps).neverRan("apply");
    }
}
