package dev.belay.activities.steps.restore;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.plan.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Restarts whatever holds informers: after a restore caches are of another past, and some clients have gone on with them
 * (kubernetes/kubernetes#131115). As {@code kubectl rollout restart} does it: an annotation on the pod template.
 */
public final class RestartAddons extends DeclaredStep<RestartAddons.Input, RestartAddons.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    public record Input(
            @Doc("Namespaces whose Deployments, DaemonSets and StatefulSets are restarted, such as kube-system")
            List<String> namespaces) {

        public Input {
            namespaces = List.copyOf(namespaces);
        }
    }

    public record Output(@Doc("What was restarted") List<String> restarted) {}

    public RestartAddons() {
        super(
                "workloads.restart",
                "Restarts the Deployments, DaemonSets and StatefulSets of namespaces, as `kubectl rollout restart` does, and waits for them",
                Input.class,
                Output.class,
                Traits.cluster("15m", "30s").effect("add-ons restarted"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        List<Workload> meant = Await.answer(context, () -> context.kube().workloads()).stream()
                .filter(workload -> input.namespaces().contains(workload.namespace()))
                .toList();
        List<String> restarted = new ArrayList<>();
        for (Workload workload : meant) {
            context.kube().apply(restarting(workload, context.mark()));
            restarted.add(workload.toString());
        }
        new Await(context, LIMIT, PAUSE, "ADDONS_DOWN", "look at the pods of what is named")
                .until(() -> context.kube().workloads().stream()
                        .filter(workload -> input.namespaces().contains(workload.namespace()) && !workload.available())
                        .map(workload -> workload + " is not available")
                        .toList());
        return Done.done(new Output(restarted), restarted.size() + " restarted: " + String.join(", ", restarted));
    }

    private static String restarting(Workload workload, String mark) {
        Map<String, Object> annotations = Map.of("belay.dev/restarted-by", mark);
        Map<String, Object> template = Map.of("metadata", Map.of("annotations", annotations));
        Map<String, Object> object = Map.of(
                "apiVersion",
                "apps/v1",
                "kind",
                workload.kind(),
                "metadata",
                Map.of("name", workload.name(), "namespace", workload.namespace()),
                "spec",
                Map.of("template", template));
        return Json.mapper().valueToTree(object).toString();
    }
}
