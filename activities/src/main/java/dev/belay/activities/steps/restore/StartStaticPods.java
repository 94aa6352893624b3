package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.backup.KeptFiles;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Puts the manifests that were kept into the kubelet's folder, and waits until their processes run, and the API server, when it is among them,
 * is ready by its own address. Manifests of the newer version stay beside the folder under the run's mark.
 */
public final class StartStaticPods extends DeclaredStep<StartStaticPods.Input, StartStaticPods.Output> {

    private static final Duration READY = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    public record Input(
            @Doc("The backup set: <cluster>/<run>/<hop>/") String set,

            @Doc(
                    value = "Which of them; started in this order",
                    oneOf = {"kube-apiserver", "kube-controller-manager", "kube-scheduler"})
            List<String> components) {

        public Input {
            components = List.copyOf(components);
        }
    }

    public record Output(@Doc("What runs again") List<String> components) {}

    public StartStaticPods() {
        super(
                "staticPods.start",
                "Puts kept manifests into the kubelet's folder of a control plane, and waits until they run",
                Input.class,
                Output.class,
                Traits.node("10m", "20s").effect("static pods started"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        KeptFiles kept = BackupSet.of(context, input.set()).files(context.node());
        StaticPodShelf shelf = new StaticPodShelf(context, context.host());
        for (String component : input.components()) {
            String path = StaticPods.manifest(component);
            kept.putBack(context.host(), path::equals);
            shelf.awaitStarted(component, Set.of());
        }
        if (input.components().contains("kube-apiserver")) {
            new Await(context, READY, PAUSE, "API_SERVER_DOWN", "look at its log in /var/log/pods on " + context.node())
                    .until(() -> ControlPlanes.missingFor(
                            context, context.node(), context.call().hop().to()));
        }
        return Done.done(
                new Output(input.components()),
                String.join(", ", input.components()) + " of " + context.node() + " run");
    }
}
