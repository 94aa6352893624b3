package dev.belay.activities.steps.lock;

import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepType;
import dev.belay.activities.Undoable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives the Lease {@code kube-system/belay} back if this run holds it. It is an undo itself, so undoing it does nothing. */
public final class UnlockCluster
        implements StepType<UnlockCluster.Input, UnlockCluster.Output>,
                Undoable<UnlockCluster.Input, UnlockCluster.Output> {

    /** None. */
    public record Input() {}

    /** None. */
    public record Output() {}

    @Override
    public String name() {
        return "cluster.unlock";
    }

    @Override
    public String summary() {
        return "Gives the cluster's own lock back if this run holds it";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public Class<Output> output() {
        return Output.class;
    }

    @Override
    public boolean perNode() {
        return false;
    }

    @Override
    public String action() {
        return "unlocked";
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Duration estimate() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        context.kube().releaseLease(context.mark());
        return Done.done(new Output(), "Lease kube-system/belay is not held by " + context.mark());
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        return "nothing to take back: the cluster was found unlocked";
    }
}
