package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.StaticPodShelf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes static pods of a control plane off: their manifests leave the kubelet's folder and wait beside it, under the run's mark, until no
 * process of theirs is left. Undoing puts the manifests back.
 */
public final class StopStaticPods extends DeclaredStep<StopStaticPods.Input, StopStaticPods.Output>
        implements Undoable<StopStaticPods.Input, StopStaticPods.Output> {

    public record Input(
            @Doc(
                    value = "Which of them; stopped in this order",
                    oneOf = {"kube-apiserver", "kube-controller-manager", "kube-scheduler"})
            List<String> components) {

        public Input {
            components = List.copyOf(components);
        }
    }

    public record Output(@Doc("What was stopped") List<String> components) {}

    public StopStaticPods() {
        super(
                "staticPods.stop",
                "Moves manifests of a control plane out of the kubelet's folder, and waits until their processes are gone",
                Input.class,
                Output.class,
                Traits.node("10m", "35s").effect("static pods stopped"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        StaticPodShelf shelf = new StaticPodShelf(context, context.host());
        input.components().forEach(shelf::takeOut);
        shelf.awaitGone(input.components());
        return Done.done(
                new Output(input.components()),
                String.join(", ", input.components()) + " of " + context.node() + " are gone");
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        StaticPodShelf shelf = new StaticPodShelf(context, context.host());
        input.components().forEach(shelf::putBack);
        return String.join(", ", input.components()) + " of " + context.node() + " have their manifests again";
    }
}
