package dev.belay.activities.steps.lock;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.run.FailureKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the Lease {@code kube-system/belay}. Temporal's lock is one per namespace; this one is seen by another Temporal, another Belay,
 * and a person with kubectl. Taking it again for the same run does nothing.
 */
public final class LockCluster extends DeclaredStep<Nothing, LockCluster.Output>
        implements Undoable<Nothing, LockCluster.Output> {

    public record Output(
            @Doc("Who holds the lock now: belay-<run>") String holder) {}

    public LockCluster() {
        super(
                "cluster.lock",
                "Takes the cluster's own lock, the Lease kube-system/belay, so that no second upgrade begins",
                Nothing.class,
                Output.class,
                Traits.cluster("2m", "1s").effect("locked"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        String note = "run " + context.call().run() + ", hop "
                + context.call().hop().from() + " to " + context.call().hop().to();
        Optional<String> other = context.kube().acquireLease(context.mark(), note);
        if (other.isPresent()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "CLUSTER_LOCKED",
                    "the cluster is locked by " + other.get(),
                    "let that run end, or, when it is surely dead, `kubectl -n kube-system delete lease belay`; then retry");
        }
        return Done.done(new Output(context.mark()), "Lease kube-system/belay is held by " + context.mark());
    }

    @Override
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        context.kube().releaseLease(context.mark());
        return "Lease kube-system/belay is not held by " + context.mark();
    }
}
