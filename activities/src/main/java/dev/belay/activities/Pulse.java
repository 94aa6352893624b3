package dev.belay.activities;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats of one attempt, every two seconds from a thread of its own, carrying how many TRANSIENT failures the step has had.
 *
 * <p>Two reasons to stop are told apart. A cancelled step lets go where it waits, but a remote job under way is followed to its end: the
 * atomic move is finished. A step that no longer belongs to this worker lets go everywhere; the job itself goes on and the next attempt
 * finds it.
 */
final class Pulse implements AutoCloseable {

    /** What the heartbeats of an attempt leave to the next one. */
    record Beat(int failures) {}

    private static final long EVERY_MS = 2000;

    private final ActivityExecutionContext activity;
    private final int failures;
    private volatile int shown;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable ActivityCompletionException stop;

    private Pulse(ActivityExecutionContext activity) {
        this.activity = activity;
        this.failures =
                activity.getHeartbeatDetails(Beat.class).map(Beat::failures).orElse(0);
        this.shown = failures;
        this.thread = new Thread(this::beatOn, "pulse-" + activity.getInfo().getActivityId());
        thread.setDaemon(true);
    }

    static Pulse start(ActivityExecutionContext activity) {
        Pulse pulse = new Pulse(activity);
        pulse.thread.start();
        return pulse;
    }

    /** TRANSIENT failures of earlier attempts. */
    int failures() {
        return failures;
    }

    /** Says, for the next attempt, that this one failed too. */
    void failed() {
        shown = failures + 1;
        beat();
    }

    /** To be called while a job is followed: throws when this attempt no longer counts. */
    void check() {
        ActivityCompletionException reason = stop;
        if (reason != null && !(reason instanceof ActivityCanceledException)) {
            throw reason;
        }
    }

    /** To be called while waiting: throws also when the step was cancelled. */
    void checkWaiting() {
        ActivityCompletionException reason = stop;
        if (reason != null) {
            throw reason;
        }
    }

    @Override
    public void close() {
        end.countDown();
    }

    private void beatOn() {
        try {
            while (!end.await(EVERY_MS, TimeUnit.MILLISECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        try {
            activity.heartbeat(new Beat(shown));
        } catch (ActivityCompletionException e) {
            stop = e;
        }
    }
}
