package dev.belay.model.plan;

import java.time.Duration;

/** How long something is likely to take, and between which bounds. */
public record Estimate(Duration low, Duration likely, Duration high) {
    /** The range around what is likely: nodes are faster or slower than those the estimates were made on. */
    static Estimate around(Duration likely) {
        long seconds = likely.toSeconds();
        return new Estimate(Duration.ofSeconds(seconds * 7 / 10), likely, Duration.ofSeconds(seconds * 15 / 10));
    }
}
