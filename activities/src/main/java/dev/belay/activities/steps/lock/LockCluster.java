package dev.belay.activities.steps.lock;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.run.FailureKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the Lease {@code kube-system/belay}. Temporal's lock is one per namespace; this one is seen by another Temporal, another Belay,
 * and a person with kubectl. Taking it again for the same run does nothing.
 */
public final class LockCluster extends DeclaredStep<LockCluster.Input, LockCluster.Output>
        implements Undoable<LockCluster.Input, LockCluster.Output> {

    public record Input(
            @Doc("A run whose lock is taken over, since this run takes that one back; no other is") @Nullable
            String takeOver) {}

    public record Output(
            @Doc("Who holds the lock now: belay-<run>") String holder) {}

    public LockCluster() {
        super(
                "cluster.lock",
                "Takes the cluster's own lock, the Lease kube-system/belay, so that no second upgrade begins",
                Input.class,
                Output.class,
                Traits.cluster("2m", "1s").effect("locked"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        String note =
                "run " + context.call().run() + ", hop " + context.call().hop().words();
        Optional<String> other = Await.answer(context, () -> acquire(input, context, note));
        if (other.isPresent()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "CLUSTER_LOCKED",
                    "the cluster is locked by " + other.get(),
                    "let that run end, or, when it is surely dead, `kubectl -n kube-system delete lease belay`; then retry");
        }
        return Done.done(new Output(context.mark()), "Lease kube-system/belay is held by " + context.mark());
    }

    private static Optional<String> acquire(Input input, StepContext context, String note) {
        Optional<String> other = context.kube().acquireLease(context.mark(), note);
        String before = "belay-" + input.takeOver();
        if (input.takeOver() == null
                || other.filter(holder -> holder.startsWith(before)).isEmpty()) {
            return other;
        }
        context.kube().releaseLease(before);
        return context.kube().acquireLease(context.mark(), note);
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        context.kube().releaseLease(context.mark());
        return "Lease kube-system/belay is not held by " + context.mark();
    }
}
