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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the node unschedulable and marks it with this run's id. A node that somebody else had cordoned keeps no mark, and stays cordoned
 * when the run has passed.
 */
public final class CordonNode
        implements StepType<CordonNode.Input, CordonNode.Output>, Undoable<CordonNode.Input, CordonNode.Output> {

    static final String ANNOTATION = "belay.dev/cordoned-by";

    /** None. */
    public record Input() {}

    public record Output(
            @Doc("This run cordoned it; false when it was found cordoned")
            boolean ours) {}

    @Override
    public String name() {
        return "node.cordon";
    }

    @Override
    public String summary() {
        return "Makes the node unschedulable, with the run's mark; a node found cordoned stays so afterwards";
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
        return "cordoned";
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
        if (context.kube().cordon(context.node(), context.mark())) {
            verify(context);
            return Done.done(new Output(true), "cordoned by " + context.mark());
        }
        String by = verify(context).annotations().getOrDefault(ANNOTATION, "");
        boolean ours = by.equals(context.mark());
        return Done.already(
                new Output(ours),
                ours
                        ? "cordoned by this run before"
                        : "was cordoned already, not by this run" + (by.isEmpty() ? "" : " but by " + by)
                                + ": it will stay so");
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
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
