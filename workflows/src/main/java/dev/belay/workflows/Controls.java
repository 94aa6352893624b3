package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Rung;
import io.temporal.workflow.CancellationScope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people asked of a workflow as a whole.
 *
 * <p>A Temporal cancel is seen here and nowhere else: the work runs in a detached scope, so that a cancel interrupts no step.
 */
final class Controls {

    private boolean paused;
    private boolean aborting;
    private Way way;
    private @Nullable String stopReason;
    private @Nullable Setback setback;

    Controls(boolean paused, @Nullable Way way) {
        this.paused = paused;
        this.aborting = way != null;
        this.way = way == null ? Way.ABORT : way;
    }

    /** The node goes back as the rung of that name has it, by what the runbook says and not by a person. */
    void takeBack(NodeName node) {
        aborting = true;
        way = new Way(Rung.NODE, node);
    }

    /** To be called in the workflow's own scope, before the detached one is entered. */
    void watchCancel(Runnable stopped) {
        CancellationScope.current().getCancellationRequest().thenApply(reason -> {
            stopReason = reason == null ? "" : reason;
            stopped.run();
            return null;
        });
    }

    /** A command to a workflow as a whole; any other is for a place that stands. */
    static boolean isMeantForAll(Command command) {
        return switch (command.kind()) {
            case PAUSE, RESUME, ABORT -> true;
            case ROLLBACK -> command.rung() != Rung.STEP;
            default -> false;
        };
    }

    void apply(Command command) {
        switch (command.kind()) {
            case PAUSE -> paused = true;
            case RESUME -> paused = false;
            case ABORT, ROLLBACK -> {
                aborting = true;
                way = Way.of(command);
            }
            default -> throw new IllegalArgumentException(command.kind() + " is not meant for a whole workflow");
        }
    }

    /**
     * What a workflow must be told that was being started while people asked for something else.
     *
     * @param place which makes the command's id its own
     */
    Optional<Command> late(String place, boolean startedPaused) {
        if (aborting) {
            return Optional.of(order(place, way.rung() == null ? CommandKind.ABORT : CommandKind.ROLLBACK));
        }
        return paused == startedPaused
                ? Optional.empty()
                : Optional.of(order(place, startedPaused ? CommandKind.RESUME : CommandKind.PAUSE));
    }

    private Command order(String place, CommandKind kind) {
        String why = "came while this was started";
        return new Command(place + "/" + kind, kind, "belay", why, null, null, way.node(), null, way.rung());
    }

    boolean paused() {
        return paused;
    }

    /** Going back, by an abort or a rung. */
    boolean aborting() {
        return aborting;
    }

    /** How far to go back. */
    Way way() {
        return way;
    }

    /** Somebody cancelled the workflow in Temporal: finish what runs, leave everything as it is. */
    boolean stopping() {
        return stopReason != null;
    }

    /** The first failure for which the phase goes back; null when there is none. */
    @Nullable
    Setback setback() {
        return setback;
    }

    void setBack(Setback failed) {
        setback = setback == null ? failed : setback;
    }

    /** The phase begins anew. */
    void goOn() {
        setback = null;
    }

    /** People, or a cancel, ended it. */
    boolean ended() {
        return aborting || stopping();
    }

    /** Nothing new will start any more. */
    boolean ending() {
        return ended() || setback != null;
    }
}
