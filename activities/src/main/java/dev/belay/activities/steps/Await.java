package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.runbook.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks again and again until nothing is missing. While an API server or a member restarts it does not answer: TRANSIENT failures of a
 * look count as "not yet". What is still missing at the end is a PRECONDITION: a person looks.
 */
public record Await(StepContext context, Duration limit, Duration pause, String code, String next) {

    /** Longest list of things named in one sentence. */
    private static final int NAMED = 12;

    private static final Duration RESTART = Duration.ofSeconds(90);
    private static final Duration BETWEEN = Duration.ofSeconds(3);

    /**
     * Returns when a look finds nothing missing any more.
     *
     * @param look what is still missing, one phrase each; empty when all is well
     */
    public void until(Supplier<List<String>> look) {
        Instant end = context.clock().now().plus(limit);
        List<String> missing = seen(look);
        while (!missing.isEmpty()) {
            if (!context.clock().now().isBefore(end)) {
                throw StepFailure.of(
                        FailureKind.PRECONDITION,
                        code,
                        "after " + Durations.format(limit) + ": " + named(missing),
                        next);
            }
            context.heartbeat().run();
            context.clock().sleep(pause);
            missing = seen(look);
        }
    }

    /**
     * An answer that must come, asked for as long as an API server may take to restart with its kubelet: a step's few attempts are not
     * spent on that.
     */
    public static <T> T answer(StepContext context, Supplier<T> question) {
        Instant end = context.clock().now().plus(RESTART);
        while (true) {
            try {
                return question.get();
            } catch (StepFailure e) {
                boolean waits = e.failure().code().equals("API_UNAVAILABLE");
                if (!waits || !context.clock().now().isBefore(end)) {
                    throw e;
                }
            }
            context.heartbeat().run();
            context.clock().sleep(BETWEEN);
        }
    }

    private static List<String> seen(Supplier<List<String>> look) {
        try {
            return look.get();
        } catch (StepFailure e) {
            if (e.failure().kind() != FailureKind.TRANSIENT) {
                throw e;
            }
            return List.of(e.failure().why());
        }
    }

    /** Several phrases as one. */
    public static String named(List<String> things) {
        String text = String.join("; ", things.subList(0, Math.min(NAMED, things.size())));
        return things.size() <= NAMED ? text : text + "; and " + (things.size() - NAMED) + " more";
    }
}
