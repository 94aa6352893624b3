package dev.belay.workflows;

import dev.belay.model.run.Failure;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a step's {@code when}, and to how long a soak is. Found by an activity: expressions are not evaluated in workflows.
 *
 * @param failure set when the answer could not be found; {@code holds} is then false
 */
record Condition(
        boolean holds,
        Duration duration,
        String why,
        @Nullable Failure failure) {

    static final Condition NONE = new Condition(true, Duration.ZERO, "", null);

    static Condition of(StepActivities activities, StepCall call) {
        Attempt attempt = activities.run(call, false);
        if (attempt instanceof Attempt.Bad bad) {
            return new Condition(false, Duration.ZERO, "", bad.failure());
        }
        StepOutcome outcome = ((Attempt.Good) attempt).outcome();
        boolean holds = Boolean.TRUE.equals(outcome.output().get("holds"));
        Object seconds = outcome.output().get("durationSeconds");
        Duration duration = Duration.ofSeconds(seconds instanceof Number number ? number.longValue() : 0);
        return new Condition(holds, duration, outcome.why(), null);
    }
}
