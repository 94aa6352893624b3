package dev.belay.twin.kube;

import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.model.kubernetes.NodeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The PodDisruptionBudgets of the simulated cluster. */
public final class Budgets {

    private static final String OBSTACLE = "frozen-";

    private final Api api;
    private final List<Budget> all = new ArrayList<>();

    Budgets(Api api) {
        this.api = api;
    }

    List<Budget> all() {
        return all;
    }

    public void add(String namespace, String name, Map<String, String> selector, int maxUnavailable) {
        put(new Budget(namespace, name, selector, Budget.Limit.maxUnavailable(maxUnavailable)));
    }

    void put(Budget budget) {
        remove(budget.namespace(), budget.name());
        all.add(budget);
        api.wrote();
    }

    boolean has(String namespace, String name) {
        return all.stream().anyMatch(budget -> budget.isCalled(namespace, name));
    }

    void remove(String namespace, String name) {
        all.removeIf(budget -> budget.isCalled(namespace, name));
    }

    void endNamespace(String namespace) {
        all.removeIf(budget -> budget.namespace().equals(namespace));
    }

    public List<DisruptionBudget> seen() {
        return all.stream()
                .map(budget -> budget.seen(api.owners().values()))
                .sorted(Comparator.comparing(DisruptionBudget::namespace).thenComparing(DisruptionBudget::name))
                .toList();
    }

    /**
     * Lets every budget that covers a pod of this node allow nothing; where none does, its first evictable pod gets one.
     */
    public void freeze(NodeName name) {
        List<ApiPod> evictable = api.node(name).stream()
                .flatMap(node -> node.pods().stream())
                .filter(pod -> pod.owner()
                        .filter(owner -> owner.kind() != Owner.Kind.DAEMON_SET)
                        .isPresent())
                .toList();
        List<Budget> covering = all.stream()
                .filter(budget -> evictable.stream().anyMatch(budget::covers))
                .toList();
        if (covering.isEmpty()) {
            evictable.stream().limit(1).forEach(this::obstruct);
        }
        covering.forEach(budget -> budget.freeze(true));
    }

    private void obstruct(ApiPod pod) {
        add(pod.namespace(), OBSTACLE + pod.name(), pod.template().labels(), 0);
    }

    public void thaw() {
        all.forEach(budget -> budget.freeze(false));
        all.removeIf(budget -> budget.name().startsWith(OBSTACLE));
    }
}
