package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;
import org.jspecify.annotations.Nullable;

/**
 * What a hop starts with, or goes on with after continue-as-new.
 *
 * @param runWorkflowId where notices go
 * @param author who started the run; may be excluded from approving
 * @param carried what is finished already; null at first
 */
public record HopInput(
        Plan plan,
        String run,
        String runWorkflowId,
        String site,
        String author,
        Hop hop,
        boolean paused,
        @Nullable HopState carried) {}
