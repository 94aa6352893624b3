package dev.belay.workflows;

import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Durations;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Stands in for every step type: writes down what was asked, in order, and does as scripted. A step without a script is done at once.
 *
 * <p>Places are written {@code drain w1}, {@code access} for a step of the hop, {@code undo cordon w1}, {@code reverse kubelet w1}; with a
 * hop in front, {@code v1.34.4 drain w1}, where there are several.
 */
final class ScriptedSteps implements DynamicActivity {

    private static final long PATIENCE_SECONDS = 20;
    private static final Instant TIME = Instant.parse("2026-11-22T03:00:00Z");

    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    private final List<StepCall> calls = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Deque<Function<StepCall, StepOutcome>>> scripts = new ConcurrentHashMap<>();
    private final Map<String, Boolean> conditions = new ConcurrentHashMap<>();
    private final Set<String> unevaluable = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> notices = new LinkedBlockingQueue<>();

    /** A step held in the middle: it has begun, and ends when it is let go. */
    static final class Hold {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        void awaitBegun() {
            await(begun);
        }

        void release() {
            released.countDown();
        }
    }

    @Override
    public Object execute(EncodedValues arguments) {
        StepCall call = arguments.get(0, StepCall.class);
        String type = Activity.getExecutionContext().getInfo().getActivityType();
        return switch (type) {
            case Belay.EVALUATE -> evaluate(call);
            case Belay.NOTICE -> notice(call);
            default -> step(type, call);
        };
    }

    private StepOutcome evaluate(StepCall call) {
        if (call.when() != null && unevaluable.remove(call.when())) {
            throw failure(FailureKind.PERMANENT, "BAD_EXPRESSION", false);
        }
        boolean holds = call.when() == null || conditions.getOrDefault(call.when(), true);
        Object duration = call.with().get("duration");
        long seconds =
                duration == null ? 0 : Durations.parse(duration.toString()).toSeconds();
        return outcome(
                call, StepState.DONE, Map.of("holds", holds, "durationSeconds", seconds), call.when() + " is " + holds);
    }

    private StepOutcome notice(StepCall call) {
        notices.add((call.with().get("event") + " " + call.with().get("step") + " "
                        + call.with().get("node"))
                .trim());
        return outcome(call, StepState.DONE, Map.of(), "told");
    }

    private StepOutcome step(String type, StepCall call) {
        String place = place(type, call);
        ran.add(call.hop().to() + " " + place);
        calls.add(call);
        Deque<Function<StepCall, StepOutcome>> script =
                scripts.getOrDefault(call.hop().to() + " " + place, scripts.get(place));
        Function<StepCall, StepOutcome> next = script == null ? null : script.poll();
        if (next != null) {
            return next.apply(call);
        }
        boolean back = type.endsWith(".undo") || type.endsWith(".reverse");
        return outcome(call, back ? StepState.UNDONE : StepState.DONE, Map.of("by", place), "did it");
    }

    private static String place(String type, StepCall call) {
        String step = call.step();
        if (type.endsWith(".undo") || type.endsWith(".reverse")) {
            String how = type.substring(type.lastIndexOf('.') + 1);
            step = how + " " + call.origin();
        }
        return call.node() == null ? step : step + " " + call.node().name();
    }

    ScriptedSteps fails(String place, FailureKind kind, String code) {
        return then(place, call -> {
            throw failure(kind, code, false);
        });
    }

    ScriptedSteps drops(String place, int times) {
        for (int i = 1; i <= times; i++) {
            int count = i;
            then(place, call -> {
                throw failure(FailureKind.TRANSIENT, "UNREACHABLE", count < call.attempts());
            });
        }
        return this;
    }

    ScriptedSteps answers(String place, StepState state) {
        return then(place, call -> outcome(call, state, Map.of(), state + " as scripted"));
    }

    ScriptedSteps then(String place, Function<StepCall, StepOutcome> script) {
        scripts.computeIfAbsent(place, key -> new ConcurrentLinkedDeque<>()).add(script);
        return this;
    }

    ScriptedSteps cannotEvaluate(String when) {
        unevaluable.add(when);
        return this;
    }

    ScriptedSteps condition(String when, boolean holds) {
        conditions.put(when, holds);
        return this;
    }

    Hold hold(String place) {
        Hold hold = new Hold();
        then(place, call -> {
            hold.begun.countDown();
            await(hold.released);
            return outcome(call, StepState.DONE, Map.of(), "held and let go");
        });
        return hold;
    }

    /** Waits until the run has told that it stands: {@code PARKED drain w1}, {@code AWAITING_APPROVAL go}, {@code RESUMED go}. */
    void awaitNotice(String notice) {
        awaitNotices(notice);
    }

    /** Likewise for several, in any order. */
    void awaitNotices(String... expected) {
        List<String> missing = new ArrayList<>(List.of(expected));
        List<String> passed = new ArrayList<>();
        while (!missing.isEmpty()) {
            String next = nextNotice();
            if (next == null) {
                throw new AssertionError("no notice " + missing + "; there were " + passed + "; ran " + ran);
            }
            passed.add(next);
            missing.remove(next);
        }
    }

    private String nextNotice() {
        try {
            return notices.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    List<String> ran() {
        return List.copyOf(ran);
    }

    List<StepCall> calls(String step) {
        return List.copyOf(calls).stream()
                .filter(call -> call.step().equals(step))
                .toList();
    }

    static StepOutcome outcome(StepCall call, StepState state, Map<String, Object> output, String why) {
        return new StepOutcome(call.step(), state, output, why, TIME, TIME.plusSeconds(5));
    }

    static ApplicationFailure failure(FailureKind kind, String code, boolean retried) {
        Failure failure = new Failure(kind, code, code + " as scripted", "Look at it.", "");
        return retried
                ? ApplicationFailure.newFailure(failure.why(), kind.name(), failure)
                : ApplicationFailure.newNonRetryableFailure(failure.why(), kind.name(), failure);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
