package dev.belay.activities.kube;

import java.util.Map;
import java.util.TreeMap;

/** A PodDisruptionBudget; {@code selector} holds its matchLabels. */
public record DisruptionBudget(
        String namespace, String name, Map<String, String> selector, int disruptionsAllowed, int desiredHealthy) {

    public DisruptionBudget {
        selector = new TreeMap<>(selector);
    }
}
