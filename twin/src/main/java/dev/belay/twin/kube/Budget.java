package dev.belay.twin.kube;

import dev.belay.activities.kube.DisruptionBudget;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A PodDisruptionBudget; a frozen one allows nothing. */
final class Budget {

    private final String namespace;
    private final String name;
    private final Map<String, String> selector;
    private final Limit limit;
    private boolean frozen;

    Budget(String namespace, String name, Map<String, String> selector, Limit limit) {
        this.namespace = namespace;
        this.name = name;
        this.selector = Map.copyOf(selector);
        this.limit = limit;
    }

    String namespace() {
        return namespace;
    }

    String name() {
        return name;
    }

    boolean isCalled(String otherNamespace, String otherName) {
        return namespace.equals(otherNamespace) && name.equals(otherName);
    }

    Map<String, String> selector() {
        return selector;
    }

    Limit limit() {
        return limit;
    }

    void freeze(boolean value) {
        frozen = value;
    }

    boolean covers(ApiPod pod) {
        return namespace.equals(pod.namespace()) && pod.template().selectedBy(selector);
    }

    int desiredHealthy(Collection<Owner> owners) {
        int expected = covered(owners).stream().mapToInt(Owner::desired).sum();
        return frozen ? expected : limit.healthyOf(expected);
    }

    int healthy(Collection<Owner> owners) {
        return covered(owners).stream()
                .mapToInt(owner ->
                        (int) owner.pods().stream().filter(ApiPod::isHealthy).count())
                .sum();
    }

    int allowed(Collection<Owner> owners) {
        return frozen ? 0 : Math.max(0, healthy(owners) - desiredHealthy(owners));
    }

    DisruptionBudget seen(Collection<Owner> owners) {
        return new DisruptionBudget(namespace, name, selector, allowed(owners), desiredHealthy(owners));
    }

    private List<Owner> covered(Collection<Owner> owners) {
        return owners.stream()
                .filter(owner ->
                        owner.namespace().equals(namespace) && owner.template().selectedBy(selector))
                .toList();
    }

    /**
     * How many of the expected pods must stay healthy.
     *
     * @param least so many; otherwise all but so many
     */
    record Limit(boolean least, int pods) {

        static Limit maxUnavailable(int pods) {
            return new Limit(false, pods);
        }

        static Limit minAvailable(int pods) {
            return new Limit(true, pods);
        }

        int healthyOf(int expected) {
            return least ? pods : Math.max(0, expected - pods);
        }
    }
}
