package dev.belay.activities;

import java.time.Duration;
import java.time.Instant;

/** The world's clock, but a sleep ends early, by throwing, when the step must stop. */
record PacedClock(StepClock clock, Runnable check) implements StepClock {

    private static final Duration SLICE = Duration.ofSeconds(5);

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public void sleep(Duration duration) {
        Duration left = duration;
        check.run();
        while (left.compareTo(Duration.ZERO) > 0) {
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            clock.sleep(slice);
            check.run();
            left = left.minus(slice);
        }
    }
}
