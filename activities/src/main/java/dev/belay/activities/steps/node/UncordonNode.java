package dev.belay.activities.steps.node;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.Reversible;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Takes back the cordon of this run, and no other. It is an undo itself, so undoing it does nothing; reversing it cordons and drains again. */
public final class UncordonNode extends DeclaredStep<Nothing, UncordonNode.Output>
        implements Undoable<Nothing, UncordonNode.Output>, Reversible<Nothing, UncordonNode.Output> {

    public record Output(@Doc("The node is schedulable now") boolean schedulable) {}

    public UncordonNode() {
        super(
                "node.uncordon",
                "Makes the node schedulable again if this run cordoned it",
                Nothing.class,
                Output.class,
                Traits.node("2m", "1s").effect("uncordoned"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        boolean changed = Await.answer(context, () -> context.kube().uncordon(context.node(), context.mark()));
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
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        return "nothing to take back: the node was found schedulable";
    }

    @Override
    public String reverse(Nothing input, @Nullable Output output, StepContext context) {
        boolean ours = Await.answer(context, () -> context.kube().cordon(context.node(), context.mark()));
        int evicted = new Drain(context, new DrainNode.Input(Duration.ofMinutes(15), true)).run();
        return (ours ? "cordoned again" : "was cordoned already") + ", " + evicted + " pods evicted";
    }
}
