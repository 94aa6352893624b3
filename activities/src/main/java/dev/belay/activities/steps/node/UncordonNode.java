package dev.belay.activities.steps.node;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.StepType;
import dev.belay.activities.Undoable;
import dev.belay.activities.kube.KubeNode;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Takes back the cordon of this run, and no other. It is an undo itself, so undoing it does nothing. */
public final class UncordonNode
        implements StepType<UncordonNode.Input, UncordonNode.Output>,
                Undoable<UncordonNode.Input, UncordonNode.Output> {

    /** None. */
    public record Input() {}

    public record Output(@Doc("The node is schedulable now") boolean schedulable) {}

    @Override
    public String name() {
        return "node.uncordon";
    }

    @Override
    public String summary() {
        return "Makes the node schedulable again if this run cordoned it";
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
        return true;
    }

    @Override
    public String action() {
        return "uncordoned";
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
        boolean changed = context.kube().uncordon(context.node(), context.mark());
        KubeNode node = context.kube()
                .node(context.node())
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "NODE_MISSING",
                        "node " + context.node() + " is not in the API",
                        "look at its kubelet: `journalctl -u kubelet`"));
        if (changed) {
            return Done.done(new Output(node.schedulable()), "schedulable again");
        }
        return Done.already(
                new Output(node.schedulable()),
                node.schedulable()
                        ? "schedulable already"
                        : "left cordoned, as it was found: it does not carry the mark " + context.mark());
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        return "nothing to take back: the node was found schedulable";
    }
}
