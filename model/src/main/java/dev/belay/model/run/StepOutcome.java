package dev.belay.model.run;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step activity gives back.
 *
 * @param step echo of the call's step: replay does not notice swapped activities of one type, so the workflow checks it
 * @param state DONE, ALREADY_DONE, SKIPPED, or UNDONE for an undo
 * @param output the step type's output, at most 64 KB as JSON
 * @param why one line: why skipped, what was found already done, or a short report
 * @param startedAt by the clock of the world the step worked on
 */
public record StepOutcome(
        String step, StepState state, Map<String, Object> output, String why, Instant startedAt, Instant endedAt) {

    public StepOutcome {
        output = new LinkedHashMap<>(output);
    }
}
