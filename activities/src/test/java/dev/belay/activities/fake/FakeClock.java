package dev.belay.activities.fake;

import dev.belay.activities.StepClock;
import java.time.Duration;
import java.time.Instant;

/** Time passes only when somebody sleeps; what is due by then happens. */
public final class FakeClock implements StepClock {

    private Instant now = Instant.parse("2026-11-22T00:00:00Z");
    private Runnable tick = () -> {};

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        synchronized (this) {
            now = now.plus(duration);
        }
        tick.run();
    }

    /** Runs after every sleep. */
    public void onTick(Runnable next) {
        tick = next;
    }
}
