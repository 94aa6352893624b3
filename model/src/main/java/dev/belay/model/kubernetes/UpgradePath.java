package dev.belay.model.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The hops from where a cluster is to where it should be: one minor at a time, in each the version named by the caller or else the newest
 * patch known. A newer patch of the present minor is a hop of its own, first or alone, and only when asked for.
 *
 * @param hops in order; empty when there are findings
 * @param findings everything that stands in the way
 */
public record UpgradePath(List<Hop> hops, List<Finding> findings) {
    public UpgradePath {
        hops = List.copyOf(hops);
        findings = List.copyOf(findings);
    }

    /**
     * The path by what a person typed.
     *
     * @param target such as {@code v1.34.4}
     * @param via versions to pass through, such as {@code v1.32.13} and {@code v1.33.13}
     * @param offered by minor, the version to take where {@code via} names none, such as the newest a repository has; minors that are not on
     *     the way may be among them
     */
    public static UpgradePath of(
            KubernetesVersion from, String target, List<String> via, Map<String, KubernetesVersion> offered) {
        List<Finding> findings = new ArrayList<>();
        Optional<KubernetesVersion> to = read("target", target, findings);
        Map<String, KubernetesVersion> stops = new LinkedHashMap<>();
        for (String text : via) {
            read("via", text, findings).ifPresent(stop -> {
                KubernetesVersion other = stops.putIfAbsent(stop.minorText(), stop);
                if (other != null) {
                    findings.add(new Finding(
                            "via-twice",
                            text,
                            "two versions of " + stop.minorText() + " are named",
                            "name one of " + other + " and " + stop));
                }
            });
        }
        if (to.isPresent()) {
            minorsBetween(from, to.get()).stream()
                    .filter(offered::containsKey)
                    .forEach(minor -> stops.putIfAbsent(minor, offered.get(minor)));
            UpgradePath path = of(from, to.get(), stops);
            findings.addAll(path.findings());
            return new UpgradePath(findings.isEmpty() ? path.hops() : List.of(), findings);
        }
        return new UpgradePath(List.of(), findings);
    }

    /**
     * The path.
     *
     * @param via the version to take in a minor on the way, by minor ({@code 1.33}); that of {@code from}'s own minor is a first hop
     */
    public static UpgradePath of(KubernetesVersion from, KubernetesVersion to, Map<String, KubernetesVersion> via) {
        List<Finding> findings = new ArrayList<>(ends(from, to));
        via.forEach((minor, stop) -> findings.addAll(stop(from, to, minor, stop)));
        if (!findings.isEmpty()) {
            return new UpgradePath(List.of(), findings);
        }
        return new UpgradePath(hops(stops(from, to, via)), List.of());
    }

    /** Minors strictly between two versions, {@code 1.32}, {@code 1.33}: those in which a version has to be chosen. */
    public static List<String> minorsBetween(KubernetesVersion from, KubernetesVersion to) {
        return IntStream.range(from.minor() + 1, to.minor())
                .mapToObj(minor -> "1." + minor)
                .toList();
    }

    private static Optional<KubernetesVersion> read(String rule, String text, List<Finding> findings) {
        Optional<KubernetesVersion> version = KubernetesVersion.tryParse(text);
        if (version.isEmpty()) {
            findings.add(new Finding(
                    rule + "-unreadable",
                    text,
                    "\"" + text + "\" is not a released version of Kubernetes",
                    "write it like v1.34.4"));
        }
        return version;
    }

    private static List<Finding> ends(KubernetesVersion from, KubernetesVersion to) {
        List<Finding> findings = new ArrayList<>();
        if (!HopFacts.knows(from)) {
            findings.add(new Finding(
                    "from-unknown",
                    from.toString(),
                    "Belay knows nothing about Kubernetes " + from.minorText(),
                    "it climbs clusters of " + HopFacts.range()));
        }
        if (!HopFacts.knows(to)) {
            findings.add(new Finding(
                    "target-unknown",
                    to.toString(),
                    "Belay knows nothing about Kubernetes " + to.minorText(),
                    "choose a target in " + HopFacts.range()));
        } else if (to.equals(from)) {
            findings.add(
                    new Finding("target-equal", to.toString(), "the cluster is at " + to + " already", newer(from)));
        } else if (to.compareTo(from) < 0) {
            findings.add(new Finding(
                    "target-older",
                    to.toString(),
                    to + " is older than " + from
                            + ", where the cluster is; Kubernetes cannot be taken back by an upgrade",
                    newer(from)));
        }
        bad("target", to).ifPresent(findings::add);
        return findings;
    }

    private static List<Finding> stop(
            KubernetesVersion from, KubernetesVersion to, String minor, KubernetesVersion stop) {
        List<Finding> findings = new ArrayList<>();
        boolean between = stop.compareTo(from) > 0 && stop.compareTo(to) < 0 && !stop.sameMinor(to);
        boolean patchOnly = from.sameMinor(to);
        if (!stop.minorText().equals(minor) || !between || patchOnly) {
            findings.add(new Finding(
                    "via-not-between",
                    stop.toString(),
                    stop + " is not on the way from " + from + " to " + to,
                    "name one version of each minor between them, or a newer patch of " + from.minorText()));
        }
        bad("via", stop).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> bad(String rule, KubernetesVersion version) {
        return KnownBad.of(version).stream()
                .filter(KnownBad::blocks)
                .findFirst()
                .map(row -> new Finding(
                        rule + "-known-bad",
                        version.toString(),
                        version + " must not be used: " + row.why() + " (" + row.source() + ")",
                        "take " + row.remedy()));
    }

    private static String newer(KubernetesVersion from) {
        String next = from.minor() < HopFacts.NEWEST ? ", for example " + newest("1." + (from.minor() + 1)) : "";
        return "choose a target newer than " + from + next;
    }

    private static KubernetesVersion newest(String minor) {
        return HopFacts.load(minor).newest().version();
    }

    private static List<KubernetesVersion> stops(
            KubernetesVersion from, KubernetesVersion to, Map<String, KubernetesVersion> via) {
        List<KubernetesVersion> stops = new ArrayList<>(List.of(from));
        Optional.ofNullable(via.get(from.minorText())).ifPresent(stops::add);
        for (String minor : minorsBetween(from, to)) {
            stops.add(Optional.ofNullable(via.get(minor)).orElseGet(() -> newest(minor)));
        }
        stops.add(to);
        return stops;
    }

    private static List<Hop> hops(List<KubernetesVersion> stops) {
        int last = stops.size() - 2;
        return IntStream.rangeClosed(0, last)
                .mapToObj(i -> hop(i, stops.get(i), stops.get(i + 1), last))
                .toList();
    }

    private static Hop hop(int index, KubernetesVersion from, KubernetesVersion to, int last) {
        return new Hop(index, from, to, index == 0, index == last, HopFacts.raisesEtcdMinor(from, to));
    }
}
