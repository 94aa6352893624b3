package dev.belay.twin.kube;

import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.Eviction.Answer;
import dev.belay.activities.kube.KubePod;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The eviction subresource: 201, 404, 409, 429 and 500 as an API server answers them. */
public final class Evictions {

    private final Pods pods;
    private final List<Budget> budgets;
    private final Collection<Owner> owners;

    Evictions(Pods pods, List<Budget> budgets, Collection<Owner> owners) {
        this.pods = pods;
        this.budgets = budgets;
        this.owners = owners;
    }

    public Eviction evict(KubePod asked) {
        ApiPod pod = pods.find(asked.namespace(), asked.name()).orElse(null);
        if (pod == null) {
            return answer(Answer.GONE, "pods \"" + asked.name() + "\" not found");
        }
        if (!pod.uid().equals(asked.uid())) {
            return answer(
                    Answer.CONFLICT,
                    "Operation cannot be fulfilled on pods \"" + asked.name() + "\": the UID in the precondition ("
                            + asked.uid() + ") does not match the UID in record (" + pod.uid()
                            + "). The object might have been deleted and then recreated");
        }
        if (pod.isTerminating() || !pod.isRunning()) {
            return accept(pod);
        }
        return withinBudgets(pod);
    }

    private Eviction withinBudgets(ApiPod pod) {
        List<Budget> covering =
                budgets.stream().filter(budget -> budget.covers(pod)).toList();
        if (covering.size() > 1) {
            return answer(
                    Answer.MISCONFIGURED,
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        return covering.stream()
                .filter(budget -> budget.allowed(owners) == 0)
                .filter(budget -> pod.isReady() || budget.healthy(owners) < budget.desiredHealthy(owners))
                .findFirst()
                .map(this::blocked)
                .orElseGet(() -> accept(pod));
    }

    private Eviction blocked(Budget budget) {
        return answer(
                Answer.BLOCKED,
                "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget "
                        + budget.name() + " needs " + budget.desiredHealthy(owners) + " healthy pods and has "
                        + budget.healthy(owners) + " currently");
    }

    private Eviction accept(ApiPod pod) {
        pods.terminate(pod);
        return answer(Answer.ACCEPTED, "");
    }

    private static Eviction answer(Answer answer, String message) {
        return new Eviction(answer, message, Duration.ZERO);
    }
}
