package dev.belay.model.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan, or everything that stops it.
 *
 * @param plan of what can be told, without hops when there is no path; null only when the target cannot be read
 * @param blockers all of them; a run begins only when there are none
 * @param warnings what a person should know before approving
 */
public record PlanResult(@Nullable Plan plan, List<Blocker> blockers, List<Blocker> warnings) {
    public PlanResult {
        blockers = List.copyOf(blockers);
        warnings = List.copyOf(warnings);
    }

    /** The plan of a climb that nothing stops. */
    public Plan clear() {
        if (plan == null || !blockers.isEmpty()) {
            throw new IllegalStateException("the plan is blocked: " + blockers);
        }
        return plan;
    }
}
