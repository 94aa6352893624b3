package dev.belay.activities.steps.verify;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pod to its end on every node, and a Deployment of one replica that the scheduler places: kubelet, runtime, image pull, controllers
 * and scheduler work. Everything is in a namespace of its own and removed again.
 */
public final class VerifyWorkload extends DeclaredStep<Nothing, VerifyWorkload.Output>
        implements Undoable<Nothing, VerifyWorkload.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    public record Output(
            @Doc("Nodes that ran a pod to its end") int nodes) {}

    public VerifyWorkload() {
        super(
                "verify.workload",
                "Runs a pod on every node and a Deployment of one replica, and removes them",
                Nothing.class,
                Output.class,
                Traits.cluster("6m", "15s").effect("probe pods run"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        ProbePods probes = new ProbePods(context);
        int nodes = 0;
        for (NodeName node : probes.nodes()) {
            probes.add("probe-" + nodes++, node, "echo works");
        }
        probes.addDeployment("placed", deployment(probes.namespace()));
        probes.prove(LIMIT, "WORKLOAD_NOT_RUN", "look at the events of the pods' nodes, then retry");
        return Done.done(new Output(nodes), nodes + " nodes ran a pod, and a Deployment became available");
    }

    @Override
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        return new ProbePods(context).undo();
    }

    private static String deployment(String namespace) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: placed, namespace: %s}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: placed}}
                  template:
                    metadata: {labels: {app: placed}}
                    spec:
                      serviceAccountName: probe
                      automountServiceAccountToken: false
                      terminationGracePeriodSeconds: 0
                      tolerations: [{operator: Exists}]
                      containers: [{name: sleeper, image: '%s', command: [sleep, '3600']}]
                """.formatted(namespace, ProbePods.IMAGE);
    }
}
