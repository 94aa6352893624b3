package dev.belay.cli;

import dev.belay.cli.text.Situation.Estimate;
import dev.belay.model.expression.ExpressionFailure;
import dev.belay.model.expression.Expressions;
import dev.belay.model.expression.Scope;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Batches;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Durations;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.TypedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a climb still takes: the longest way through each phase's graph, batch after batch. A step counts with the mean of what steps
 * of its type took in this run, else with the type's own estimate. People's time to approve is not in it.
 */
final class Eta {

    private static final Pattern INPUT = Pattern.compile("\\$\\{\\{\\s*inputs\\.(\\w+)\\s*}}");

    private final Plan plan;
    private final Map<Place, StepState> states = new HashMap<>();
    private final Map<String, Duration> learned = new HashMap<>();

    private Eta(Plan plan, List<StepRecord> records) {
        this.plan = plan;
        Map<String, long[]> sums = new HashMap<>();
        for (StepRecord step : records) {
            states.put(new Place(step.hop(), step.id(), step.node()), step.state());
            Instant start = step.startedAt();
            Instant end = step.endedAt();
            if (step.state() == StepState.DONE && start != null && end != null) {
                long[] sum = sums.computeIfAbsent(step.uses(), uses -> new long[2]);
                sum[0] += Duration.between(start, end).toMillis();
                sum[1]++;
            }
        }
        sums.forEach((uses, sum) -> learned.put(uses, Duration.ofMillis(sum[0] / sum[1])));
    }

    private record Place(
            KubernetesVersion hop, String step, @Nullable NodeName node) {}

    /** Of what is not finished in the records; all of the plan when there are none. */
    static Estimate of(Plan plan, List<StepRecord> records) {
        Eta eta = new Eta(plan, records);
        Duration middle = eta.whole();
        boolean knows = eta.learned.keySet().containsAll(plan.signatures().keySet());
        return knows ? range(middle, 85, 125) : range(middle, 60, 180);
    }

    private static Estimate range(Duration middle, int least, int most) {
        return new Estimate(
                middle.multipliedBy(least).dividedBy(100),
                middle.multipliedBy(most).dividedBy(100));
    }

    private Duration whole() {
        Duration sum = Duration.ZERO;
        for (Hop hop : plan.hops()) {
            for (Phase phase : Phase.values()) {
                sum = sum.plus(longest(hop, plan.runbook().phase(phase), null));
            }
        }
        return sum;
    }

    private Duration longest(Hop hop, List<Step> steps, @Nullable NodeName node) {
        Map<String, Duration> ends = new HashMap<>();
        Map<String, Step> byId = new HashMap<>();
        steps.forEach(step -> byId.put(step.id(), step));
        steps.forEach(step -> end(hop, step, node, byId, ends));
        return ends.values().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private Duration end(
            Hop hop, Step step, @Nullable NodeName node, Map<String, Step> byId, Map<String, Duration> ends) {
        Duration known = ends.get(step.id());
        if (known != null) {
            return known;
        }
        Duration start = Duration.ZERO;
        for (String need : step.needs()) {
            Step before = byId.get(need);
            Duration end = before == null ? Duration.ZERO : end(hop, before, node, byId, ends);
            start = end.compareTo(start) > 0 ? end : start;
        }
        Duration end = start.plus(step instanceof GroupStep group ? group(hop, group) : own(hop, step, node));
        ends.put(step.id(), end);
        return end;
    }

    private Duration group(Hop hop, GroupStep group) {
        Duration sum = Duration.ZERO;
        for (List<NodeFacts> batch : Batches.of(group.forEach(), plan.cluster().nodes())) {
            sum = sum.plus(batch.stream()
                    .map(node -> longest(hop, group.steps(), node.name()))
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO));
        }
        return sum;
    }

    private Duration own(Hop hop, Step step, @Nullable NodeName node) {
        StepState state = states.getOrDefault(new Place(hop.to(), step.id(), node), StepState.PENDING);
        if (state.isSatisfied() || state == StepState.UNDONE) {
            return Duration.ZERO;
        }
        if (step instanceof SoakStep soak) {
            return soak(soak);
        }
        if (!(step instanceof TypedStep typed) || isSkippedBy(typed.when(), hop, node)) {
            return Duration.ZERO;
        }
        return Optional.ofNullable(learned.get(typed.uses()))
                .or(() ->
                        Optional.ofNullable(plan.signatures().get(typed.uses())).map(StepSignature::estimate))
                .orElse(Duration.ZERO);
    }

    /** Conditions over what is known before the run; one that needs outputs counts as holding. */
    private boolean isSkippedBy(@Nullable String when, Hop hop, @Nullable NodeName node) {
        if (when == null) {
            return false;
        }
        Scope.Builder scope = Scope.builder()
                .inputs(plan.runbook().values(plan.inputs()))
                .hop(hop)
                .cluster(plan.cluster().name());
        plan.cluster().nodes().stream()
                .filter(facts -> facts.name().equals(node))
                .forEach(facts -> scope.node(Expansion.nodeCall(plan.cluster(), facts)));
        try {
            return !Expressions.holds(when, scope.build());
        } catch (ExpressionFailure unknownYet) {
            return false;
        }
    }

    private Duration soak(SoakStep soak) {
        Matcher input = INPUT.matcher(soak.duration().trim());
        String text = input.matches() ? plan.inputs().getOrDefault(input.group(1), "") : soak.duration();
        return Durations.tryParse(text.trim()).orElse(Duration.ZERO);
    }
}
