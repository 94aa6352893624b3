package dev.belay.activities.steps.node;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Evicts the node's pods within their disruption budgets, by the eviction API alone: nothing is deleted, no budget is passed over, a pod
 * without a controller is left to a person. Mirror pods and DaemonSets stay. Safe to repeat: it looks at the pods that are there.
 */
public final class DrainNode extends DeclaredStep<DrainNode.Input, DrainNode.Output>
        implements Undoable<DrainNode.Input, DrainNode.Output> {

    public record Input(
            @Doc(value = "How long evictions may be held up before a person is asked", byDefault = "15m")
            Duration timeout,

            @Doc(value = "Evict pods whose emptyDir is lost with them", byDefault = "true")
            boolean emptyDir) {}

    public record Output(@Doc("Pods evicted") int evicted) {}

    public DrainNode() {
        super(
                "node.drain",
                "Evicts the node's pods within their disruption budgets; asks a person for what would be lost",
                Input.class,
                Output.class,
                Traits.node("1h", "1m").effect("drained"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        KubeNode node = Await.answer(context, () -> context.kube().node(context.node()))
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "NODE_MISSING",
                        "node " + context.node() + " is not in the API",
                        "look at its kubelet: `journalctl -u kubelet`"));
        if (node.schedulable()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "NOT_CORDONED",
                    "node " + context.node() + " is schedulable: what is evicted would come back",
                    "cordon it first (node.cordon), then retry");
        }
        boolean empty =
                DrainPlan.of(context.kube().podsOn(context.node())).evict().isEmpty();
        int evicted = new Drain(context, input).run();
        return empty
                ? Done.already(new Output(0), "nothing to evict")
                : Done.done(new Output(evicted), evicted + " pods evicted and gone");
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        return "nothing to take back: what was evicted runs elsewhere";
    }
}
