package dev.belay.cli;

import dev.belay.cli.text.LogEvent;
import dev.belay.cli.text.LogEvent.Kind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.StepSignature;
import dev.belay.workflows.Belay;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.ActivityTaskStartedEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps in one workflow's history: what each was asked, gave back or failed with, and what its waits for people said. */
final class StepLog {

    private static final String UNDO = ".undo";

    private final DataConverter converter;
    private final Map<Long, Under> underWay = new HashMap<>();
    private final Map<String, StepSignature> signatures;

    StepLog(DataConverter converter, Map<String, StepSignature> signatures) {
        this.converter = converter;
        this.signatures = signatures;
    }

    /** A call that has no answer yet. */
    private record Under(Instant since, StepCall call, String type, int attempt) {

        Under again(int next) {
            return new Under(since, call, type, next);
        }

        boolean isUndo() {
            return type.endsWith(UNDO);
        }

        boolean isQuestion() {
            return type.equals(Belay.EVALUATE);
        }

        /** Null for what the engine does itself. */
        @Nullable
        String uses() {
            return isQuestion() ? null : call.uses();
        }
    }

    List<LogEvent> hear(HistoryEvent event, Instant at) {
        return switch (event.getEventType()) {
            case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED ->
                begun(event.getEventId(), at, event.getActivityTaskScheduledEventAttributes());
            case EVENT_TYPE_ACTIVITY_TASK_STARTED -> tried(at, event.getActivityTaskStartedEventAttributes());
            case EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
                    EVENT_TYPE_ACTIVITY_TASK_FAILED,
                    EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
                    EVENT_TYPE_ACTIVITY_TASK_CANCELED -> ended(event, at);
            default -> List.of();
        };
    }

    private List<LogEvent> begun(long id, Instant at, ActivityTaskScheduledEventAttributes activity) {
        String type = activity.getActivityType().getName();
        StepCall call = decode(activity.getInput(), StepCall.class);
        if (type.equals(Belay.NOTICE)) {
            return List.of(notice(at, call));
        }
        Under under = new Under(at, call, type, 1);
        underWay.put(id, under);
        if (under.isQuestion()) {
            return List.of();
        }
        return List.of(LogEvent.ofStep(at, under.isUndo() ? Kind.UNDOING : Kind.BEGUN, call, under.uses(), null));
    }

    private static LogEvent notice(Instant at, StepCall call) {
        Kind kind = Kind.valueOf(String.valueOf(call.with().get("event")));
        String why = kind == Kind.RESUMED ? null : String.valueOf(call.with().get("why"));
        return LogEvent.ofStep(at, kind, call, null, why);
    }

    /** Temporal writes down the last attempt alone, and what the one before it failed with. */
    private List<LogEvent> tried(Instant at, ActivityTaskStartedEventAttributes started) {
        Under under = underWay.get(started.getScheduledEventId());
        if (under == null || started.getAttempt() < 2) {
            return List.of();
        }
        underWay.put(started.getScheduledEventId(), under.again(started.getAttempt()));
        String before = started.hasLastFailure() ? started.getLastFailure().getMessage() : "";
        return List.of(LogEvent.ofStep(
                        at, Kind.RETRIED, under.call(), under.uses(), before.isEmpty() ? null : "before: " + before)
                .attempted(started.getAttempt(), null));
    }

    private List<LogEvent> ended(HistoryEvent event, Instant at) {
        Under under = underWay.remove(scheduledId(event));
        if (under == null) {
            return List.of();
        }
        if (under.isQuestion() && event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED) {
            Payloads result = event.getActivityTaskCompletedEventAttributes().getResult();
            return condition(at, under.call(), decode(result, StepOutcome.class).output());
        }
        long seconds = Duration.between(under.since(), at).toSeconds();
        LogEvent ended =
                switch (event.getEventType()) {
                    case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
                        answered(
                                at,
                                under,
                                event.getActivityTaskCompletedEventAttributes().getResult());
                    case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
                        failed(
                                at,
                                under,
                                event.getActivityTaskFailedEventAttributes().getFailure());
                    case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT -> failed(at, under, "no worker finished it in time");
                    default -> failed(at, under, "cancelled");
                };
        return List.of(ended.attempted(under.attempt(), seconds));
    }

    /** Of an approval, a soak or a group: it is skipped, or how long it rests. */
    private static List<LogEvent> condition(Instant at, StepCall call, Map<String, Object> output) {
        if (Boolean.FALSE.equals(output.get("holds"))) {
            return List.of(LogEvent.ofStep(at, Kind.SKIPPED, call, null, "`when` does not hold: " + call.when()));
        }
        long rests = output.get("durationSeconds") instanceof Number number ? number.longValue() : 0;
        return rests == 0 ? List.of() : List.of(LogEvent.ofStep(at, Kind.BEGUN, call, null, "rests " + rests + " s"));
    }

    private LogEvent answered(Instant at, Under under, Payloads result) {
        StepOutcome outcome = decode(result, StepOutcome.class);
        Kind kind = Kind.valueOf(outcome.state().name());
        boolean ours = outcome.state() == StepState.DONE
                || (outcome.state() == StepState.ALREADY_DONE && under.call().redo() > 0);
        StepSignature signature = signatures.get(under.call().uses());
        boolean changed = ours && signature != null && signature.effect();
        return LogEvent.ofStep(at, kind, under.call(), under.uses(), outcome.why())
                .gave(changed ? Objects.requireNonNull(signature).action() : null, outcome.output());
    }

    private LogEvent failed(Instant at, Under under, io.temporal.api.failure.v1.Failure failure) {
        Payloads details = failure.getApplicationFailureInfo().getDetails();
        dev.belay.model.run.Failure known =
                details.getPayloadsCount() == 0 ? null : decode(details, dev.belay.model.run.Failure.class);
        return failed(at, under, known == null ? failure.getMessage() : known.why())
                .failed(known);
    }

    private static LogEvent failed(Instant at, Under under, String why) {
        return LogEvent.ofStep(at, Kind.FAILED, under.call(), under.uses(), why);
    }

    private static long scheduledId(HistoryEvent event) {
        return switch (event.getEventType()) {
            case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
                event.getActivityTaskCompletedEventAttributes().getScheduledEventId();
            case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
                event.getActivityTaskFailedEventAttributes().getScheduledEventId();
            case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
                event.getActivityTaskTimedOutEventAttributes().getScheduledEventId();
            default -> event.getActivityTaskCanceledEventAttributes().getScheduledEventId();
        };
    }

    private <T> T decode(Payloads payloads, Class<T> type) {
        return converter.fromPayloads(0, Optional.of(payloads), type, type);
    }
}
