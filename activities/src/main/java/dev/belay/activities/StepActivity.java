package dev.belay.activities;

import dev.belay.model.expression.Expressions;
import dev.belay.model.expression.Scope;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.converter.EncodedValues;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one activity that runs every step type, under the type's own name, {@code <name>.undo} for an undo, {@code
 * <name>.reverse} for a reversal, and the engine's own
 * {@code belay.evaluate} (a condition and a duration) and {@code belay.notice} (a person is awaited, or no longer).
 *
 * <p>An attempt that a worker or the network lost does not count: only TRANSIENT failures of the step do, their number travels in the
 * heartbeat details, and the last one allowed is thrown as not retryable.
 */
public final class StepActivity implements DynamicActivity {

    private static final String UNDO = ".undo";
    private static final String REVERSE = ".reverse";

    private final StepCatalogue catalogue;
    private final Function<StepCall, Ports> clusters;
    private final Consumer<StepNotice> notices;

    /**
     * @param clusters the ports of the cluster a call is about; throws {@link StepFailure} for a cluster this worker does not serve
     * @param notices told when a run begins or ceases to wait for a person
     */
    public StepActivity(StepCatalogue catalogue, Function<StepCall, Ports> clusters, Consumer<StepNotice> notices) {
        this.catalogue = catalogue;
        this.clusters = clusters;
        this.notices = notices;
    }

    @Override
    public Object execute(EncodedValues arguments) {
        var activity = Activity.getExecutionContext();
        StepCall call = arguments.get(0, StepCall.class);
        String type = activity.getInfo().getActivityType();
        try (Pulse pulse = Pulse.start(activity)) {
            StepOutcome outcome = attempt(type, call, pulse);
            return activity.getInfo().getAttempt() > 1
                    ? sinceTheFirst(activity.getInfo(), orEarlier(outcome))
                    : outcome;
        }
    }

    /** The step began with its first attempt: how long before this one, by the server's clock, since the world's may be another. */
    private static StepOutcome sinceTheFirst(ActivityInfo activity, StepOutcome outcome) {
        long before = Math.max(0, activity.getStartedTimestamp() - activity.getScheduledTimestamp());
        return new StepOutcome(
                outcome.step(),
                outcome.state(),
                outcome.output(),
                outcome.why(),
                outcome.startedAt().minusMillis(before),
                outcome.endedAt());
    }

    /** What a later attempt finds done may be the work of an earlier one whose answer was lost, so it counts as the step's own. */
    private static StepOutcome orEarlier(StepOutcome outcome) {
        if (outcome.state() != StepState.ALREADY_DONE) {
            return outcome;
        }
        String why = outcome.why() + "; by an earlier attempt, as far as is known";
        return new StepOutcome(
                outcome.step(), StepState.DONE, outcome.output(), why, outcome.startedAt(), outcome.endedAt());
    }

    private StepOutcome attempt(String type, StepCall call, Pulse pulse) {
        try {
            return perform(type, call, pulse);
        } catch (ActivityCompletionException e) {
            throw e;
        } catch (RuntimeException e) {
            Failure failure = Failures.of(e);
            if (failure.kind().isRetryable()) {
                pulse.failed();
            }
            throw Failures.toTemporal(failure, pulse.failures() + 1 >= call.attempts());
        }
    }

    private StepOutcome perform(String type, StepCall call, Pulse pulse) {
        Ports ports = clusters.apply(call);
        StepContext context = context(call, ports, pulse);
        return switch (type) {
            case "belay.evaluate" -> evaluate(call, context);
            case "belay.notice" -> notice(call, context);
            default -> step(type, call, context);
        };
    }

    private StepOutcome step(String type, StepCall call, StepContext context) {
        if (type.endsWith(UNDO)) {
            return undo(known(type, UNDO), call, context);
        }
        return type.endsWith(REVERSE)
                ? reverse(known(type, REVERSE), call, context)
                : run(known(type, ""), call, context);
    }

    private static StepContext context(StepCall call, Ports ports, Pulse pulse) {
        return new StepContext(
                call,
                ports.inventory(),
                ports.hosts(),
                ports.etcd(),
                ports.kube(),
                ports.evidence(),
                new PacedClock(ports.clock(), pulse::checkWaiting),
                pulse::check);
    }

    private StepType<?, ?> known(String type, String way) {
        String name = type.substring(0, type.length() - way.length());
        return catalogue
                .find(name)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "UNKNOWN_STEP_TYPE",
                        "this worker has no step type " + name,
                        "start a worker of the release that made the plan, then retry"));
    }

    private <I extends Record, O extends Record> StepOutcome run(
            StepType<I, O> type, StepCall call, StepContext context) {
        Instant started = context.clock().now();
        if (!holds(call)) {
            return outcome(call, StepState.SKIPPED, Map.of(), "`when` does not hold: " + call.when(), started, context);
        }
        Done<O> done = type.run(input(type, call), context);
        Map<String, Object> output = done.state() == StepState.SKIPPED ? Map.of() : StepBinding.output(done.output());
        return outcome(call, done.state(), output, done.why(), started, context);
    }

    private <I extends Record, O extends Record> StepOutcome undo(
            StepType<I, O> type, StepCall call, StepContext context) {
        Instant started = context.clock().now();
        if (!(type instanceof Undoable<?, ?>)) {
            throw noWayBack(type);
        }
        @SuppressWarnings("unchecked")
        Undoable<I, O> undoable = (Undoable<I, O>) type;
        String why = undoable.undo(input(type, call), StepBinding.restore(type.output(), call.undoOf()), context);
        return outcome(call, StepState.UNDONE, Map.of(), why, started, context);
    }

    private <I extends Record, O extends Record> StepOutcome reverse(
            StepType<I, O> type, StepCall call, StepContext context) {
        Instant started = context.clock().now();
        if (!(type instanceof Reversible<?, ?>)) {
            throw noWayBack(type);
        }
        @SuppressWarnings("unchecked")
        Reversible<I, O> reversible = (Reversible<I, O>) type;
        String why = reversible.reverse(input(type, call), StepBinding.restore(type.output(), call.undoOf()), context);
        return outcome(call, StepState.UNDONE, Map.of(), why, started, context);
    }

    private static <I extends Record> I input(StepType<I, ?> type, StepCall call) {
        return StepBinding.input(type.input(), Expressions.resolve(call.with(), Scope.of(call)));
    }

    private static StepFailure noWayBack(StepType<?, ?> type) {
        return StepFailure.of(
                FailureKind.PERMANENT, "NOT_UNDOABLE", type.name() + " cannot be taken back", "look at the node");
    }

    private StepOutcome evaluate(StepCall call, StepContext context) {
        Instant started = context.clock().now();
        boolean holds = holds(call);
        Object text = call.with().get("duration");
        Duration duration =
                text == null || !holds ? Duration.ZERO : Expressions.duration(String.valueOf(text), Scope.of(call));
        Map<String, Object> output = Map.of("holds", holds, "durationSeconds", duration.toSeconds());
        return outcome(call, StepState.DONE, output, holds ? "holds" : "does not hold", started, context);
    }

    private StepOutcome notice(StepCall call, StepContext context) {
        Map<String, Object> with = call.with();
        String why = text(with, "why");
        notices.accept(new StepNotice(call, text(with, "event"), text(with, "step"), text(with, "node"), why));
        return outcome(call, StepState.DONE, Map.of(), why, context.clock().now(), context);
    }

    private static String text(Map<String, Object> with, String name) {
        Object value = with.get(name);
        return value == null ? "" : String.valueOf(value);
    }

    private static boolean holds(StepCall call) {
        return call.when() == null || Expressions.holds(call.when(), Scope.of(call));
    }

    private static StepOutcome outcome(
            StepCall call,
            StepState state,
            Map<String, Object> output,
            String why,
            Instant started,
            StepContext context) {
        return new StepOutcome(
                call.step(),
                state,
                output,
                Redaction.of(why),
                started,
                context.clock().now());
    }
}
