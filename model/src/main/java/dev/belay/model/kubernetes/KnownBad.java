package dev.belay.model.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;

/**
 * Versions that are known to do harm, from a file of facts.
 *
 * @param from the first of them
 * @param to the last of them
 * @param why what they do
 * @param remedy the version to take instead
 */
public record KnownBad(
        Component component, String from, String to, Severity severity, String why, String remedy, String source) {

    public KnownBad {
        FactFiles.sourced(source, component + " " + from);
    }

    /** What is known against this version of Kubernetes. */
    public static List<KnownBad> of(KubernetesVersion version) {
        return Shipped.ALL.stream()
                .filter(row -> row.component == Component.KUBERNETES)
                .filter(row -> version.compareTo(KubernetesVersion.parse(row.from)) >= 0
                        && version.compareTo(KubernetesVersion.parse(row.to)) <= 0)
                .toList();
    }

    /** What is known against this version of etcd. */
    public static List<KnownBad> of(EtcdVersion version) {
        return Shipped.ALL.stream()
                .filter(row -> row.component == Component.ETCD)
                .filter(row -> version.compareTo(EtcdVersion.parse(row.from)) >= 0
                        && version.compareTo(EtcdVersion.parse(row.to)) <= 0)
                .toList();
    }

    public static List<KnownBad> all() {
        return Shipped.ALL;
    }

    public boolean blocks() {
        return severity == Severity.BLOCK;
    }

    /** Whose versions are meant. */
    public enum Component {
        @JsonProperty("kubernetes")
        KUBERNETES,
        @JsonProperty("etcd")
        ETCD
    }

    private static final class Shipped {
        private static final List<KnownBad> ALL =
                List.copyOf(FactFiles.resource("/kubernetes/known-bad.yaml", new TypeReference<List<KnownBad>>() {}));
    }
}
