package dev.belay.activities.steps.node;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Await;
import dev.belay.model.run.FailureKind;
import dev.belay.model.runbook.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One drain under way: asks for each eviction, again when the API says when, and looks at the node's pods anew each time. A pod counts as
 * gone when its UID is no longer on the node, not when its eviction was accepted.
 */
final class Drain {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration BLOCKED_PAUSE = Duration.ofSeconds(5);

    private final StepContext context;
    private final DrainNode.Input input;
    private final Instant end;
    private final Set<String> evicted = new LinkedHashSet<>();
    private final Map<String, Instant> notBefore = new TreeMap<>();
    private final Map<String, String> blocked = new TreeMap<>();

    Drain(StepContext context, DrainNode.Input input) {
        this.context = context;
        this.input = input;
        this.end = context.clock().now().plus(input.timeout());
    }

    /** How many pods it evicted; those an earlier attempt had sent away are not counted. */
    int run() {
        List<KubePod> left = look();
        while (!left.isEmpty()) {
            evict(left);
            if (!context.clock().now().isBefore(end)) {
                throw blocked(left);
            }
            context.heartbeat().run();
            context.clock().sleep(PAUSE);
            left = patiently(left);
        }
        return evicted.size();
    }

    private List<KubePod> look() {
        DrainPlan plan = DrainPlan.of(context.kube().podsOn(context.node()));
        if (!plan.bare().isEmpty()) {
            throw refused(
                    plan.bare(),
                    "have no controller and would be lost",
                    "move or delete them yourself, then retry; belay never deletes a pod that nothing makes again");
        }
        if (!input.emptyDir() && !plan.local().isEmpty()) {
            throw refused(
                    plan.local(),
                    "keep data in an emptyDir, and the step's emptyDir is false",
                    "move their data, then retry; or let the runbook say emptyDir: true");
        }
        return plan.evict();
    }

    private List<KubePod> patiently(List<KubePod> before) {
        try {
            return look();
        } catch (StepFailure e) {
            if (e.failure().kind() == FailureKind.TRANSIENT) {
                return before;
            }
            throw e;
        }
    }

    private void evict(List<KubePod> left) {
        Instant now = context.clock().now();
        for (KubePod pod : left) {
            boolean due = !notBefore.getOrDefault(pod.uid(), Instant.MIN).isAfter(now);
            if (!pod.terminating() && !evicted.contains(pod.uid()) && due) {
                answer(pod, ask(pod), now);
            }
        }
    }

    private Eviction ask(KubePod pod) {
        try {
            return context.kube().evict(pod);
        } catch (StepFailure e) {
            if (e.failure().kind() == FailureKind.TRANSIENT) {
                return new Eviction(Eviction.Answer.CONFLICT, e.failure().why(), Duration.ZERO);
            }
            throw e;
        }
    }

    private void answer(KubePod pod, Eviction eviction, Instant now) {
        blocked.remove(pod.uid());
        switch (eviction.answer()) {
            case ACCEPTED -> evicted.add(pod.uid());
            case GONE -> {}
            case BLOCKED -> {
                blocked.put(pod.uid(), eviction.message());
                notBefore.put(pod.uid(), now.plus(longer(eviction.retryAfter(), BLOCKED_PAUSE)));
            }
            case CONFLICT -> notBefore.put(pod.uid(), now.plus(longer(eviction.retryAfter(), PAUSE)));
            case MISCONFIGURED ->
                throw StepFailure.of(
                        FailureKind.PRECONDITION,
                        "DRAIN_BLOCKED",
                        pod + " on " + context.node() + " cannot be evicted by the API: " + eviction.message()
                                + "; budgets: " + budgets(List.of(pod)),
                        "let no more than one PodDisruptionBudget select a pod, then retry");
        }
    }

    private StepFailure blocked(List<KubePod> left) {
        List<String> held = left.stream()
                .filter(pod -> blocked.containsKey(pod.uid()))
                .map(pod -> pod + " (" + blocked.get(pod.uid()) + ")")
                .toList();
        List<String> slow = left.stream()
                .filter(pod -> !blocked.containsKey(pod.uid()))
                .map(pod -> pod + (pod.terminating() ? " is still terminating" : " has not gone"))
                .toList();
        List<String> all = new ArrayList<>(held);
        all.addAll(slow);
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "DRAIN_BLOCKED",
                context.node() + " is not empty after " + Durations.format(input.timeout()) + ": " + Await.named(all)
                        + (held.isEmpty() ? "" : "; budgets: " + budgets(left)),
                held.isEmpty()
                        ? "look at these pods: a finalizer, a long grace period, a kubelet that does not answer; then retry"
                        : "let the owner scale up or relax the budget (an unhealthy application: unhealthyPodEvictionPolicy AlwaysAllow), then retry; the node stays cordoned meanwhile");
    }

    private StepFailure refused(List<KubePod> pods, String why, String next) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "DRAIN_BLOCKED",
                "pods on " + context.node() + " " + why + ": "
                        + Await.named(pods.stream().map(KubePod::toString).toList()),
                next);
    }

    private String budgets(List<KubePod> pods) {
        String named = context.kube().disruptionBudgets().stream()
                .filter(budget -> pods.stream().anyMatch(pod -> selects(budget, pod)))
                .map(budget -> budget.namespace() + "/" + budget.name() + " allows " + budget.disruptionsAllowed())
                .collect(Collectors.joining(", "));
        return named.isEmpty() ? "none that selects by labels alone" : named;
    }

    private static boolean selects(DisruptionBudget budget, KubePod pod) {
        return budget.namespace().equals(pod.namespace())
                && pod.labels().entrySet().containsAll(budget.selector().entrySet());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
