package dev.belay.activities.steps;

import dev.belay.activities.StepType;
import dev.belay.model.runbook.Durations;
import java.time.Duration;

/** A step type that says what it is in its constructor; what it does is all that is left to write. */
public abstract class DeclaredStep<I extends Record, O extends Record> implements StepType<I, O> {

    /**
     * Where a step runs and how long it takes.
     *
     * @param action what the ledger says was done; empty for a step that changes nothing
     */
    public record Traits(boolean perNode, String action, Duration timeout, Duration estimate) {

        /** Once per node, inside a group. */
        public static Traits node(String timeout, String estimate) {
            return new Traits(true, "", Durations.parse(timeout), Durations.parse(estimate));
        }

        /** Once for the cluster. */
        public static Traits cluster(String timeout, String estimate) {
            return new Traits(false, "", Durations.parse(timeout), Durations.parse(estimate));
        }

        /** It changes something, in this word. */
        public Traits effect(String word) {
            return new Traits(perNode, word, timeout, estimate);
        }
    }

    private final String name;
    private final String summary;
    private final Class<I> input;
    private final Class<O> output;
    private final Traits traits;

    protected DeclaredStep(String name, String summary, Class<I> input, Class<O> output, Traits traits) {
        this.name = name;
        this.summary = summary;
        this.input = input;
        this.output = output;
        this.traits = traits;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String summary() {
        return summary;
    }

    @Override
    public final Class<I> input() {
        return input;
    }

    @Override
    public final Class<O> output() {
        return output;
    }

    @Override
    public final boolean perNode() {
        return traits.perNode();
    }

    @Override
    public final String action() {
        return traits.action();
    }

    @Override
    public final Duration timeout() {
        return traits.timeout();
    }

    @Override
    public final Duration estimate() {
        return traits.estimate();
    }
}
