package dev.belay.activities;

import org.jspecify.annotations.Nullable;

/** A step type whose effect can be taken back. Undoing what was never done does nothing. */
public interface Undoable<I extends Record, O extends Record> {

    /**
     * Takes back exactly what this run did, found by its mark.
     *
     * @param output null when the step's outcome is not known
     * @return one line for people
     */
    String undo(I input, @Nullable O output, StepContext context);
}
