package dev.belay.activities.steps.lock;

import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import org.jspecify.annotations.Nullable;

/** Gives the Lease {@code kube-system/belay} back if this run holds it. It is an undo itself, so undoing it does nothing. */
public final class UnlockCluster extends DeclaredStep<Nothing, Nothing> implements Undoable<Nothing, Nothing> {

    public UnlockCluster() {
        super(
                "cluster.unlock",
                "Gives the cluster's own lock back if this run holds it",
                Nothing.class,
                Nothing.class,
                Traits.cluster("2m", "1s").effect("unlocked"));
    }

    @Override
    public Done<Nothing> run(Nothing input, StepContext context) {
        context.kube().releaseLease(context.mark());
        return Done.done(new Nothing(), "Lease kube-system/belay is not held by " + context.mark());
    }

    @Override
    public String undo(Nothing input, @Nullable Nothing output, StepContext context) {
        return "nothing to take back: the cluster was found unlocked";
    }
}
