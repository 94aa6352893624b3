package dev.belay.activities.steps.lock;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.StepType;
import dev.belay.activities.Undoable;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the Lease {@code kube-system/belay}. Temporal's lock is one per namespace; this one is seen by another Temporal, another Belay,
 * and a person with kubectl. Taking it again for the same run does nothing.
 */
public final class LockCluster
        implements StepType<LockCluster.Input, LockCluster.Output>, Undoable<LockCluster.Input, LockCluster.Output> {

    /** None. */
    public record Input() {}

    public record Output(
            @Doc("Who holds the lock now: belay-<run>") String holder) {}

    @Override
    public String name() {
        return "cluster.lock";
    }

    @Override
    public String summary() {
        return "Takes the cluster's own lock, the Lease kube-system/belay, so that no second upgrade begins";
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
        return "locked";
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
    public String undo(Input input, @Nullable Output output, StepContext context) {
        context.kube().releaseLease(context.mark());
        return "Lease kube-system/belay is not held by " + context.mark();
    }
}
