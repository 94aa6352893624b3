package dev.belay.workflows;

import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * Calls steps as activities on the site's task queue; the activity type is the step type.
 *
 * <p>Attempts are not limited here: those lost with a worker must not count, and only the activity knows which were. It carries the number of
 * its own TRANSIENT failures along and ends with a failure that is not retried.
 */
final class StepActivities {

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration WITHOUT_HEARTBEAT = Duration.ofMinutes(2);
    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final int SUMMARY_LIMIT = 190;
    private static final RetryOptions RETRY = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(1))
            .setMaximumInterval(Duration.ofSeconds(30))
            .setDoNotRetry(
                    FailureKind.PRECONDITION.name(),
                    FailureKind.PERMANENT.name(),
                    FailureKind.UNKNOWN.name(),
                    DataConverterException.class.getName())
            .build();

    private final String site;

    StepActivities(String site) {
        this.site = site;
    }

    Attempt run(StepCall call, boolean effect) {
        return settle(call, start(call, call.uses(), effect));
    }

    /** Takes a step back; {@code how} is {@code .undo} or {@code .reverse}. */
    Attempt back(StepCall call, String how) {
        return settle(call, start(call, call.uses() + how, true));
    }

    Promise<StepOutcome> start(StepCall call, String type, boolean effect) {
        return Workflow.newUntypedActivityStub(options(call, type, effect)).executeAsync(type, StepOutcome.class, call);
    }

    private static Attempt settle(StepCall call, Promise<StepOutcome> promise) {
        try {
            StepOutcome outcome = promise.get();
            return outcome.step().equals(call.step()) && isAnEnd(outcome.state())
                    ? new Attempt.Good(outcome)
                    : wrongAnswer(call, outcome);
        } catch (TemporalFailure | DataConverterException e) {
            return new Attempt.Bad(Failures.of(e));
        }
    }

    private static boolean isAnEnd(StepState state) {
        return state.isSatisfied() || state == StepState.UNDONE;
    }

    private static Attempt wrongAnswer(StepCall call, StepOutcome outcome) {
        return new Attempt.Bad(new Failure(
                FailureKind.PERMANENT,
                "WRONG_ANSWER",
                "step " + call.step() + " was answered by step " + outcome.step() + " as " + outcome.state(),
                "Find out what was really done on the node, then retry.",
                ""));
    }

    private ActivityOptions options(StepCall call, String type, boolean effect) {
        ActivityOptions.Builder options = ActivityOptions.newBuilder()
                .setTaskQueue(site)
                .setStartToCloseTimeout(call.timeout().plus(MARGIN))
                .setRetryOptions(RETRY)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setDisableEagerExecution(true)
                .setSummary(summary(call, type));
        if (effect || call.timeout().compareTo(WITHOUT_HEARTBEAT) > 0) {
            options.setHeartbeatTimeout(HEARTBEAT);
        }
        return options.build();
    }

    private static String summary(StepCall call, String type) {
        String node = call.node() == null ? "" : " " + call.node().name();
        String redo = call.redo() == 0 ? "" : ", try " + (call.redo() + 1);
        String text = type + node + " (" + call.step() + redo + ")";
        return text.length() <= SUMMARY_LIMIT ? text : text.substring(0, SUMMARY_LIMIT);
    }
}
