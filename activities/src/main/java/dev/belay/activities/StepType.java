package dev.belay.activities;

import java.time.Duration;

/**
 * One kind of step. Stateless, without constructor arguments, one class holding its input, output, docs and run.
 *
 * <p>{@code run} observes, acts, verifies, and may be called again at any time, after any part of an earlier call: it finds out first
 * what is already done. It throws {@link StepFailure} and nothing else on purpose.
 *
 * @param <I> input record: components are annotated with {@link Doc}; those that may be left out are {@code @Nullable} or name their
 *     default there
 * @param <O> output record
 */
public interface StepType<I extends Record, O extends Record> {

    /** {@code noun.verb}, also the Temporal activity type. */
    String name();

    /** One sentence for {@code belay steps}. */
    String summary();

    Class<I> input();

    Class<O> output();

    /** Runs once per node, inside a group. */
    boolean perNode();

    /** What the ledger says was done, such as {@code cordoned}; empty for a step that changes nothing. */
    default String action() {
        return "";
    }

    /** For one attempt, when neither step nor runbook says. */
    Duration timeout();

    /** How long it usually takes, for the ETA. */
    Duration estimate();

    Done<O> run(I input, StepContext context);
}
