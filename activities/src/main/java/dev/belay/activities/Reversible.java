package dev.belay.activities;

import org.jspecify.annotations.Nullable;

/**
 * A step type whose effect can be taken back whole, the version included: what the rungs of the ladder below a restore are made of. An abort
 * never does this. Reversing what was never done does nothing.
 */
public interface Reversible<I extends Record, O extends Record> {

    /**
     * Brings back what was there before this run's step, and looks that it is.
     *
     * @param output null when the step's outcome is not known
     * @return one line for people
     */
    String reverse(I input, @Nullable O output, StepContext context);
}
