package dev.belay.workflows;

import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import org.jspecify.annotations.Nullable;

/**
 * What a run starts with, or goes on with after continue-as-new.
 *
 * @param site the task queue of the workers that reach the cluster
 * @param author who started it, as recorded
 * @param ticket where the change was asked for; null when there is none
 * @param interpreter version of the interpreter that wrote the input; for reading old histories
 * @param carried what happened before continue-as-new; null at first
 * @param retreat the run that is taken back; null for a climb
 */
public record RunInput(
        Plan plan,
        String site,
        String author,
        String reason,
        @Nullable String ticket,
        int interpreter,
        @Nullable RunState carried,
        @Nullable Retreat retreat) {

    /** A new run, by this interpreter. */
    public static RunInput of(Plan plan, String site, String author, String reason, @Nullable String ticket) {
        return new RunInput(plan, site, author, reason, ticket, Interpreter.VERSION, null, null);
    }

    /** A new run that takes an earlier one back, by that one's plan. */
    public static RunInput of(Plan plan, String site, Retreat retreat) {
        Command command = retreat.command();
        return new RunInput(
                plan, site, command.actor(), command.reason(), command.ticket(), Interpreter.VERSION, null, retreat);
    }
}
