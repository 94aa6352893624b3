package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for people.
 *
 * @param reason what is asked, shown to whoever approves
 * @param min different people needed
 * @param by roles, one of which each must have; empty for anybody
 * @param notAuthor who started the run does not count
 * @param expires after this the answer is no; the run parks
 */
public record ApprovalStep(
        String id,
        List<String> needs,
        @Nullable String when,
        String reason,
        int min,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> by,
        boolean notAuthor,
        Duration expires)
        implements Step {

    public ApprovalStep {
        needs = List.copyOf(needs);
        by = by == null ? List.of() : List.copyOf(by);
    }

    /** By anybody. */
    public ApprovalStep(
            String id,
            List<String> needs,
            @Nullable String when,
            String reason,
            int min,
            boolean notAuthor,
            Duration expires) {
        this(id, needs, when, reason, min, List.of(), notAuthor, expires);
    }
}
