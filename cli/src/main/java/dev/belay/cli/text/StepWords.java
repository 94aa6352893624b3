package dev.belay.cli.text;

import dev.belay.model.run.StepRecord;

/** A step in a sentence. */
final class StepWords {

    private StepWords() {}

    /** {@code drain on w1}, or {@code snapshot} for a step of the hop. */
    static String place(StepRecord step) {
        return step.node() == null ? step.id() : step.id() + " on " + step.node();
    }
}
