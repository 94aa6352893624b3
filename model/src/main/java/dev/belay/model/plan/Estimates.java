package dev.belay.model.plan;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.run.StepRecord;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Step;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How long a plan takes along its critical path: hops and phases follow one another, steps of a list wait only for those they need, a group
 * takes as long as the slowest node of each batch. Time in which people are awaited is not counted, nor is a step that is known to be
 * skipped.
 */
public final class Estimates {
    private final Plan plan;
    private final Set<Done> done;
    private final Map<NodeName, NodeCall> calls;

    private Estimates(Plan plan, Set<Done> done) {
        this.plan = plan;
        this.done = done;
        this.calls = Expansion.nodeCalls(plan.cluster());
    }

    /** Of a whole plan. */
    public static Estimate of(Plan plan) {
        return remaining(plan, List.of());
    }

    /** Of what is left when these steps are known: those that are satisfied take no more time. */
    public static Estimate remaining(Plan plan, List<StepRecord> records) {
        Set<Done> done = records.stream()
                .filter(record -> record.state().isSatisfied())
                .map(record -> new Done(record.hop(), record.node(), record.id()))
                .collect(Collectors.toCollection(HashSet::new));
        return Estimate.around(new Estimates(plan, done).all());
    }

    private Duration all() {
        Duration sum = Duration.ZERO;
        for (Hop hop : plan.hops()) {
            for (Phase phase : Phase.values()) {
                sum = sum.plus(phase(hop, plan.runbook().phase(phase)));
            }
        }
        return sum;
    }

    private Duration phase(Hop hop, List<Step> steps) {
        Foresight foresight = new Foresight(plan, hop, null);
        return longestPath(
                StepGraph.of(steps),
                step -> step instanceof GroupStep group
                        ? group(hop, group, foresight)
                        : step(hop, null, step, foresight));
    }

    private Duration group(Hop hop, GroupStep group, Foresight foresight) {
        if (foresight.skips(group)) {
            return Duration.ZERO;
        }
        StepGraph graph = StepGraph.of(group.steps());
        Duration sum = Duration.ZERO;
        for (List<NodeFacts> batch : Batches.of(group.forEach(), plan.cluster().hosts())) {
            sum = sum.plus(batch.stream()
                    .map(node -> node(hop, graph, node))
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO));
        }
        return sum;
    }

    private Duration node(Hop hop, StepGraph graph, NodeFacts node) {
        Foresight foresight = new Foresight(plan, hop, calls.get(node.name()));
        return longestPath(graph, step -> step(hop, node.name(), step, foresight));
    }

    private Duration step(Hop hop, @Nullable NodeName node, Step step, Foresight foresight) {
        boolean nothing = done.contains(new Done(hop.to(), node, step.id())) || foresight.skips(step);
        return nothing ? Duration.ZERO : Expansion.estimate(plan, step, foresight);
    }

    private static Duration longestPath(StepGraph graph, Function<Step, Duration> length) {
        Map<String, Duration> ends = new HashMap<>();
        Duration longest = Duration.ZERO;
        for (Step step : graph.topological()) {
            Duration start = step.needs().stream()
                    .map(need -> ends.getOrDefault(need, Duration.ZERO))
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO);
            Duration end = start.plus(length.apply(step));
            ends.put(step.id(), end);
            longest = longest.compareTo(end) > 0 ? longest : end;
        }
        return longest;
    }

    private record Done(KubernetesVersion hop, @Nullable NodeName node, String step) {}
}
