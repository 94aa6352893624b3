package dev.belay.workflows;

import dev.belay.model.plan.Plan;

/**
 * What a run starts with.
 *
 * @param site the task queue of the workers that reach the cluster
 * @param author who started it, as recorded
 * @param interpreter version of the interpreter that wrote the input; for reading old histories
 */
public record RunInput(Plan plan, String site, String author, String reason, int interpreter) {}
