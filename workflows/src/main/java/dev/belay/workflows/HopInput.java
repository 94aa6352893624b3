package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;

/**
 * What a hop starts with, or goes on with after continue-as-new.
 *
 * @param runWorkflowId where notices go
 * @param carried what is finished already: empty at first
 */
public record HopInput(
        Plan plan,
        String run,
        String runWorkflowId,
        String site,
        String author,
        Hop hop,
        boolean paused,
        HopState carried) {}
