package dev.belay.model.plan;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in the way at the package repositories: a version that is not there, or one that nobody could choose.
 *
 * @param named versions that a person or the cluster chose; the others are the newest that were offered
 */
record OfferFindings(Offers offers, List<Hop> hops, Set<KubernetesVersion> named) {

    List<Blocker> blockers() {
        List<Blocker> blockers = new ArrayList<>();
        for (Hop hop : hops) {
            String minor = hop.to().minorText();
            if (named.contains(hop.to())) {
                offers.of(minor)
                        .filter(versions -> !versions.contains(hop.to()))
                        .ifPresent(versions -> blockers.add(notThere(hop.to(), versions)));
            } else {
                unchosen(minor)
                        .ifPresent(why -> blockers.add(new Blocker(
                                "version-not-chosen",
                                minor,
                                why,
                                "make it answer, or name the version: --via " + example(minor))));
            }
        }
        return blockers;
    }

    List<Blocker> warnings() {
        return hops.stream()
                .map(Hop::to)
                .filter(named::contains)
                .filter(version -> offers.silent().containsKey(version.minorText()))
                .map(version -> new Blocker(
                        "version-unverified",
                        version.toString(),
                        "nobody could look whether it can be installed: "
                                + offers.silent().get(version.minorText()),
                        "look at the package repository of " + version.minorText()))
                .toList();
    }

    private Optional<String> unchosen(String minor) {
        String silence = offers.silent().get(minor);
        if (silence != null) {
            return Optional.of("its newest patch is not known: " + silence);
        }
        return offers.of(minor)
                .filter(versions -> !offers.newest().containsKey(minor))
                .map(versions -> versions.isEmpty()
                        ? "its package repository has no version whose packages are all there"
                        : "its package repository has " + versions + ", which must not be used");
    }

    private static Blocker notThere(KubernetesVersion version, List<KubernetesVersion> versions) {
        String minor = version.minorText();
        return new Blocker(
                "version-not-offered",
                version.toString(),
                versions.isEmpty()
                        ? "the package repository of " + minor + " has no version whose packages are all there"
                        : "the package repository of " + minor + " has no such version; the newest is "
                                + versions.get(versions.size() - 1),
                versions.isEmpty()
                        ? "fill it, or correct packages.repository and packages.revision in the inventory"
                        : "choose " + versions.get(versions.size() - 1) + ", or bring " + version + " into it");
    }

    private static KubernetesVersion example(String minor) {
        return HopFacts.load(minor).newest().version();
    }
}
