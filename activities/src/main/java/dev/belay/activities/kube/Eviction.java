package dev.belay.activities.kube;

import java.time.Duration;

/**
 * The API's answer to one eviction.
 *
 * @param retryAfter as the server asked; zero when it did not
 */
public record Eviction(Answer answer, String message, Duration retryAfter) {

    /** ACCEPTED 201, GONE 404, BLOCKED 429 (a budget), CONFLICT 409, MISCONFIGURED 500 (several budgets on one pod). */
    public enum Answer {
        ACCEPTED,
        GONE,
        BLOCKED,
        CONFLICT,
        MISCONFIGURED
    }
}
