package dev.belay.model.plan;

import dev.belay.model.kubernetes.KnownBad;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the package repositories have, of the minors that were asked.
 *
 * @param versions by minor, those that can be installed whole; none when the repository answered and has none
 * @param silent by minor, why its repository gave no answer
 */
public record Offers(Map<String, List<KubernetesVersion>> versions, Map<String, String> silent) {
    /** Nobody was asked. */
    public static final Offers NONE = new Offers(Map.of(), Map.of());

    public Offers {
        Map<String, List<KubernetesVersion>> sorted = new TreeMap<>();
        versions.forEach((minor, list) ->
                sorted.put(minor, list.stream().distinct().sorted().toList()));
        versions = sorted;
        silent = new TreeMap<>(silent);
    }

    /** By minor the newest version that nothing is known against. */
    Map<String, KubernetesVersion> newest() {
        Map<String, KubernetesVersion> newest = new TreeMap<>();
        versions.forEach((minor, list) -> newest(list).ifPresent(version -> newest.put(minor, version)));
        return newest;
    }

    /** What the repository of this minor has; empty when it was not asked or gave no answer. */
    Optional<List<KubernetesVersion>> of(String minor) {
        return Optional.ofNullable(versions.get(minor));
    }

    private static Optional<KubernetesVersion> newest(List<KubernetesVersion> list) {
        return list.stream()
                .filter(version -> KnownBad.of(version).stream().noneMatch(KnownBad::blocks))
                .max(Comparator.naturalOrder());
    }
}
