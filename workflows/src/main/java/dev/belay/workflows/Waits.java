package dev.belay.workflows;

import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Waiting, without the traps: no timer is left running when its condition wins, a wait is never shorter than a timer can be (a duration of
 * zero would start none and change the replay), and of many promises every one is awaited, also after one has failed.
 */
final class Waits {

    private Waits() {}

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    /** Says whether the condition came true within the limit. */
    static boolean awaitFor(Duration limit, String summary, Supplier<Boolean> condition) {
        boolean[] late = {false};
        Duration atLeast = limit.toMillis() < 1 ? Duration.ofMillis(1) : limit;
        TimerOptions options = TimerOptions.newBuilder().setSummary(summary).build();
        CancellationScope timer = Workflow.newCancellationScope(
                () -> Workflow.newTimer(atLeast, options).handle((nothing, failure) -> {
                    late[0] = failure == null;
                    return null;
                }));
        timer.run();
        Workflow.await(() -> late[0] || condition.get());
        if (!late[0]) {
            timer.cancel("no longer waited for");
        }
        return condition.get();
    }

    /** Lets time pass, unless told to leave. */
    static void pauseFor(Duration duration, String summary, Supplier<Boolean> leave) {
        awaitFor(duration, summary, leave);
    }

    /** Waits for every promise, and only then throws the first failure, if any. */
    static void settleAll(List<Promise<Void>> promises) {
        TemporalFailure first = null;
        for (Promise<Void> promise : promises) {
            try {
                promise.get();
            } catch (TemporalFailure failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
