package dev.belay.activities;

import dev.belay.model.run.StepState;

/** A step's good end: DONE, ALREADY_DONE when nothing had to be changed, or SKIPPED when there is nothing to do here. {@code why} is one line for people. */
public record Done<O extends Record>(StepState state, O output, String why) {

    public static <O extends Record> Done<O> done(O output, String why) {
        return new Done<>(StepState.DONE, output, why);
    }

    public static <O extends Record> Done<O> already(O output, String why) {
        return new Done<>(StepState.ALREADY_DONE, output, why);
    }

    public static <O extends Record> Done<O> skipped(O output, String why) {
        return new Done<>(StepState.SKIPPED, output, why);
    }
}
