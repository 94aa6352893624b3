package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.runbook.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Looks again and again until nothing is missing. While an API server or a member restarts it does not answer: TRANSIENT failures of a
 * look count as "not yet". What is still missing at the end is a PRECONDITION: a person looks.
 */
public record Await(StepContext context, Duration limit, Duration pause, String code, String next) {

    /** Longest list of things named in one sentence. */
    private static final int NAMED = 12;

    private static final Duration RESTART = Duration.ofSeconds(90);
    private static final Duration ROLES = Duration.ofSeconds(30);
    private static final String FORBIDDEN = "API_FORBIDDEN";
    private static final Map<String, Duration> PATIENCE = Map.of("API_UNAVAILABLE", RESTART, FORBIDDEN, ROLES);
    private static final Duration BETWEEN = Duration.ofSeconds(3);

    /**
     * Returns when a look finds nothing missing any more.
     *
     * @param look what is still missing, one phrase each; empty when all is well
     */
    public void until(Supplier<List<String>> look) {
        Instant end = context.clock().now().plus(limit);
        Look seen = look(look, context.clock().now());
        while (!seen.missing().isEmpty()) {
            if (!context.clock().now().isBefore(end)) {
                throw StepFailure.of(
                        FailureKind.PRECONDITION,
                        code,
                        "after " + Durations.format(limit) + ": " + named(seen.missing()),
                        next);
            }
            context.heartbeat().run();
            context.clock().sleep(pause);
            seen = look(look, seen.allowed());
        }
    }

    /**
     * An answer that must come, asked for as long as an API server may take to restart with its kubelet: a step's few attempts are not
     * spent on that.
     */
    public static <T> T answer(StepContext context, Supplier<T> question) {
        Instant start = context.clock().now();
        while (true) {
            try {
                return question.get();
            } catch (StepFailure e) {
                Duration patience = PATIENCE.getOrDefault(e.failure().code(), Duration.ZERO);
                if (!context.clock().now().isBefore(start.plus(patience))) {
                    throw e;
                }
            }
            context.heartbeat().run();
            context.clock().sleep(BETWEEN);
        }
    }

    private Look look(Supplier<List<String>> look, Instant allowed) {
        try {
            return new Look(look.get(), context.clock().now());
        } catch (StepFailure e) {
            boolean forbidden = e.failure().code().equals(FORBIDDEN);
            Instant now = context.clock().now();
            if (e.failure().kind() != FailureKind.TRANSIENT || (forbidden && !now.isBefore(allowed.plus(ROLES)))) {
                throw e;
            }
            return new Look(List.of(e.failure().why()), forbidden ? allowed : now);
        }
    }

    /** What a look found, and when a look was last not turned away: who has no right to look will not have it by waiting. */
    private record Look(List<String> missing, Instant allowed) {}

    /** Several phrases as one. */
    public static String named(List<String> things) {
        String text = String.join("; ", things.subList(0, Math.min(NAMED, things.size())));
        return things.size() <= NAMED ? text : text + "; and " + (things.size() - NAMED) + " more";
    }
}
