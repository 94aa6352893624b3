package dev.belay.workflows;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Step;
import io.temporal.failure.ApplicationFailure;

/** Refuses a plan that cannot be run at all. Plans made by us can; one sent by hand may not, and a run must not jam on it half-way. */
public final class PlanCheck {

    private PlanCheck() {}

    static void require(Plan plan) {
        try {
            check(plan);
        } catch (IllegalArgumentException e) {
            throw ApplicationFailure.newNonRetryableFailure(
                    "this plan cannot be run; nothing was done: " + e.getMessage(), "RUNBOOK_INVALID");
        }
    }

    /** Throws IllegalArgumentException with the reason. */
    public static void check(Plan plan) {
        if (plan.hops().isEmpty()) {
            throw new IllegalArgumentException("it has no hops");
        }
        for (Phase phase : Phase.values()) {
            for (Step step : StepGraph.of(plan.runbook().phase(phase)).steps()) {
                if (step instanceof GroupStep group) {
                    StepGraph.of(group.steps());
                }
            }
        }
        Expansion.steps(plan);
    }
}
