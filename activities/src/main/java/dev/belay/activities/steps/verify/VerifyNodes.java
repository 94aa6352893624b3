package dev.belay.activities.steps.verify;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.Baseline;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every node is ready, without pressure and without this run's cordon, and workloads that were available before the hop are so again. A kubelet
 * may report its node anew only five minutes after its API server is back (nodeStatusReportFrequency), so it waits a little longer than that.
 */
public final class VerifyNodes extends DeclaredStep<Nothing, VerifyNodes.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    public record Output(@Doc("Nodes that are ready") int nodes) {}

    public VerifyNodes() {
        super(
                "verify.nodes",
                "Waits until every node is ready, none is left cordoned by this run, and workloads have their replicas back",
                Nothing.class,
                Output.class,
                Traits.cluster("8m", "5s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        new Await(context, LIMIT, PAUSE, "NODES_NOT_WELL", "look at the node or workload named, then retry")
                .until(() -> missing(context));
        int nodes = context.kube().nodes().size();
        return Done.done(new Output(nodes), nodes + " nodes are ready, workloads have their replicas");
    }

    private static List<String> missing(StepContext context) {
        List<String> missing = new ArrayList<>();
        for (KubeNode node : context.kube().nodes()) {
            if (!node.ready()) {
                missing.add("node " + node.name() + " is not ready");
            }
            if (!node.pressures().isEmpty()) {
                missing.add("node " + node.name() + " reports " + node.pressures());
            }
            if (context.mark().equals(node.annotations().get(KubeCluster.CORDONED_BY))) {
                missing.add("node " + node.name() + " is still cordoned by this run");
            }
        }
        missing.addAll(Baseline.missing(context));
        return missing;
    }
}
