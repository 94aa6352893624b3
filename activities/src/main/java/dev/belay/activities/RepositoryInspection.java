package dev.belay.activities;

import dev.belay.activities.host.Host;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Offers;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which versions the package repositories have, read without changing anything: apt on a node knows the minor it is configured for and no
 * other, so the index of each minor's repository is fetched, as the first control plane reaches it. One that gives no answer is not waited
 * for again: the minors after it count as silent too.
 */
public final class RepositoryInspection {

    private RepositoryInspection() {}

    /**
     * What they have.
     *
     * @param minors {@code 1.34}
     */
    public static Offers of(Ports ports, List<String> minors) {
        Map<String, List<KubernetesVersion>> versions = new TreeMap<>();
        Map<String, String> silent = new TreeMap<>();
        Packages packages = ports.inventory().packages();
        List<String> left = new ArrayList<>(minors);
        try {
            Host host = ports.hosts()
                    .on(ports.inventory().hosts(NodeRole.CONTROL_PLANE).get(0).node());
            while (!left.isEmpty()) {
                versions.put(left.get(0), versions(host, packages, left.get(0)));
                left.remove(0);
            }
        } catch (StepFailure e) {
            left.forEach(minor -> silent.put(minor, e.failure().why()));
        }
        return new Offers(versions, silent);
    }

    /** A version of another minor in this repository is not this minor's. */
    private static List<KubernetesVersion> versions(Host host, Packages packages, String minor) {
        return host
                .fetch(index(packages, minor))
                .map(PackageIndex::parse)
                .map(index -> index.whole(packages.revision()))
                .orElse(List.of())
                .stream()
                .filter(version -> version.minorText().equals(minor))
                .toList();
    }

    private static URI index(Packages packages, String minor) {
        String repository = packages.repositoryOf(minor).toString();
        return URI.create(repository.endsWith("/") ? repository : repository + "/")
                .resolve("Packages");
    }
}
