package dev.belay.workflows;

import dev.belay.model.run.Command;
import io.temporal.workflow.CancellationScope;
import org.jspecify.annotations.Nullable;

/**
 * What people asked of a workflow as a whole.
 *
 * <p>A Temporal cancel is seen here and nowhere else: the work runs in a detached scope, so that a cancel interrupts no step.
 */
final class Controls {

    private boolean paused;
    private boolean aborting;
    private @Nullable String stopReason;

    Controls(boolean paused, boolean aborting) {
        this.paused = paused;
        this.aborting = aborting;
    }

    /** To be called in the workflow's own scope, before the detached one is entered. */
    void watchCancel(Runnable stopped) {
        CancellationScope.current().getCancellationRequest().thenApply(reason -> {
            stopReason = reason == null ? "" : reason;
            stopped.run();
            return null;
        });
    }

    void apply(Command command) {
        switch (command.kind()) {
            case PAUSE -> paused = true;
            case RESUME -> paused = false;
            case ABORT -> aborting = true;
            default -> throw new IllegalArgumentException(command.kind() + " is not meant for a whole workflow");
        }
    }

    boolean paused() {
        return paused;
    }

    boolean aborting() {
        return aborting;
    }

    /** Somebody cancelled the workflow in Temporal: finish what runs, leave everything as it is. */
    boolean stopping() {
        return stopReason != null;
    }

    /** Nothing new will start any more. */
    boolean ending() {
        return aborting || stopping();
    }
}
