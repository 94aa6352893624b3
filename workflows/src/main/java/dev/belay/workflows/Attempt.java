package dev.belay.workflows;

import dev.belay.model.run.Failure;
import dev.belay.model.run.StepOutcome;

/** How a call of a step ended, its automatic retries included. */
sealed interface Attempt {

    record Good(StepOutcome outcome) implements Attempt {}

    record Bad(Failure failure) implements Attempt {}
}
