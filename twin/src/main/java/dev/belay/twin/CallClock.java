package dev.belay.twin;

import dev.belay.activities.StepClock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time of one call. It begins at the world's and moves only by what this call waits for; the world is moved along when it is behind. So
 * calls that wait side by side do not use up each other's deadlines.
 */
final class CallClock implements StepClock {

    private final World world;
    private Instant now;

    CallClock(World world) {
        this.world = world;
        synchronized (world) {
            this.now = world.time().now();
        }
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        now = now.plus(duration);
        synchronized (world) {
            world.time().advanceTo(now);
        }
    }

    /** Goes on to the world's next event, at most so far; for those who wait for something that is under way. */
    synchronized void follow(Duration most) {
        synchronized (world) {
            Instant before = world.time().now();
            Instant limit = before.plus(most);
            Instant to = world.time().next().filter(limit::isAfter).orElse(limit);
            world.time().advanceTo(to);
            now = now.plus(Duration.between(before, world.time().now()));
            world.time().advanceTo(now);
        }
    }
}
