package dev.belay.activities.steps.workloads;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.Baseline;
import dev.belay.activities.steps.DeclaredStep;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The gate between two batches of workers: Deployments, StatefulSets and DaemonSets that were available before the hop are so again, so that
 * the next drain meets full replicas.
 */
public final class AwaitWorkloads extends DeclaredStep<AwaitWorkloads.Input, AwaitWorkloads.Output> {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    public record Input(
            @Doc("Park after this long; 5m when not given") @Nullable
            Duration limit) {}

    public record Output(
            @Doc("Workloads that have all their replicas") int available) {}

    public AwaitWorkloads() {
        super(
                "workloads.awaitAvailable",
                "Waits until every workload that was available before the hop has its replicas back",
                Input.class,
                Output.class,
                Traits.node("15m", "20s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        Duration limit = input.limit() == null ? Duration.ofMinutes(5) : input.limit();
        new Await(
                        context,
                        limit,
                        PAUSE,
                        "WORKLOADS_NOT_AVAILABLE",
                        "look at the pods of the workload named, then retry")
                .until(() -> Baseline.missing(context));
        int available = (int) context.kube().workloads().stream()
                .filter(workload -> workload.available())
                .count();
        return Done.done(new Output(available), available + " workloads have their replicas");
    }
}
