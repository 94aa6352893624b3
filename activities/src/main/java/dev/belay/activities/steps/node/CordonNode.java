package dev.belay.activities.steps.node;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.Undoable;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.run.FailureKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the node unschedulable and marks it with this run's id. A node that somebody else had cordoned keeps no mark, and stays cordoned
 * when the run has passed.
 */
public final class CordonNode extends DeclaredStep<Nothing, CordonNode.Output>
        implements Undoable<Nothing, CordonNode.Output> {

    public record Output(
            @Doc("This run cordoned it; false when it was found cordoned")
            boolean ours) {}

    public CordonNode() {
        super(
                "node.cordon",
                "Makes the node unschedulable, with the run's mark; a node found cordoned stays so afterwards",
                Nothing.class,
                Output.class,
                Traits.node("2m", "1s").effect("cordoned"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        if (Await.answer(context, () -> context.kube().cordon(context.node(), context.mark()))) {
            verify(context);
            return Done.done(new Output(true), "cordoned by " + context.mark());
        }
        String by = verify(context).annotations().getOrDefault(KubeCluster.CORDONED_BY, "");
        if (by.equals(context.mark())) {
            return Done.done(new Output(true), "cordoned by " + context.mark() + " in an earlier attempt");
        }
        String who = by.isEmpty() ? "not by this run" : "by " + by;
        return Done.already(new Output(false), "was cordoned already, " + who + ": it will stay so");
    }

    @Override
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        return context.kube().uncordon(context.node(), context.mark())
                ? "schedulable again"
                : "left as it is: it does not carry the mark " + context.mark();
    }

    private static KubeNode verify(StepContext context) {
        Optional<KubeNode> node = context.kube().node(context.node());
        return node.filter(seen -> !seen.schedulable())
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "NOT_CORDONED",
                        "node " + context.node() + (node.isEmpty() ? " is not in the API" : " is still schedulable"),
                        "look who uncordons it: `kubectl get node " + context.node()
                                + " -o yaml --show-managed-fields`"));
    }
}
