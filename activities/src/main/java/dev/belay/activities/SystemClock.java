package dev.belay.activities;

import dev.belay.model.run.FailureKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** This machine's time. A sleep that is interrupted, as when the worker shuts down, ends the step's attempt and not the step. */
public final class SystemClock implements StepClock {

    private final Clock clock = Clock.systemUTC();

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "INTERRUPTED",
                    "this worker is stopping",
                    "another worker goes on by itself");
        }
    }
}
