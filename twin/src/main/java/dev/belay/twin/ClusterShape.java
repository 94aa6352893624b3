package dev.belay.twin;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.Backups;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.inventory.Cluster.SshAccess;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a simulated cluster is like when it begins.
 *
 * @param inventory its name, nodes, zones and package repository
 * @param version of everything in it
 * @param start its clock's first time
 * @param customs in what it differs from a plain one
 */
public record ClusterShape(Cluster inventory, KubernetesVersion version, long seed, Instant start, Customs customs) {

    private static final Instant START = Instant.parse("2026-11-02T08:00:00Z");

    /** Three control planes and four workers in two zones. */
    public static ClusterShape standard(KubernetesVersion version) {
        return sized(version, 3, 4);
    }

    /** One control plane and one worker. */
    public static ClusterShape small(KubernetesVersion version) {
        return sized(version, 1, 1);
    }

    /** {@code cp1..}, and {@code w1..} in two zones. */
    public static ClusterShape sized(KubernetesVersion version, int controlPlanes, int workers) {
        List<HostEntry> hosts = new ArrayList<>();
        for (int i = 1; i <= controlPlanes; i++) {
            hosts.add(host("cp" + i, NodeRole.CONTROL_PLANE, 10 + i, ""));
        }
        for (int i = 1; i <= workers; i++) {
            hosts.add(host("w" + i, NodeRole.WORKER, 1000 + i, i * 2 <= workers + 1 ? "a" : "b"));
        }
        return of(inventory("twin", hosts), version);
    }

    /** As {@link #sized}, with an external etcd of three hosts, {@code etcd1..}. */
    public static ClusterShape withExternalEtcd(KubernetesVersion version, int controlPlanes, int workers) {
        List<HostEntry> hosts = new ArrayList<>(
                sized(version, controlPlanes, workers).inventory().hosts());
        for (int i = 1; i <= 3; i++) {
            hosts.add(host("etcd" + i, NodeRole.ETCD, 20 + i, ""));
        }
        return of(inventory("twin", hosts), version);
    }

    /** The nodes, zones and repository of a real inventory. */
    public static ClusterShape of(Cluster inventory, KubernetesVersion version) {
        return new ClusterShape(inventory, version, 1, START, Customs.PLAIN);
    }

    /** The same where everything is of this version. */
    public ClusterShape at(KubernetesVersion other) {
        return new ClusterShape(inventory, other, seed, start, customs);
    }

    public ClusterShape withSeed(long value) {
        return new ClusterShape(inventory, version, value, start, customs);
    }

    public ClusterShape startingAt(Instant time) {
        return new ClusterShape(inventory, version, seed, time, customs);
    }

    public ClusterShape with(Customs others) {
        return new ClusterShape(inventory, version, seed, start, others);
    }

    private static HostEntry host(String name, NodeRole role, int number, String zone) {
        String address = "10.20." + number / 250 + "." + (number % 250 + 1);
        return new HostEntry(new NodeName(name), role, address, 22, zone, null);
    }

    private static Cluster inventory(String name, List<HostEntry> hosts) {
        return new Cluster(
                name,
                name,
                new Reference("file:twin/admin.conf"),
                new SshAccess(
                        "ops",
                        new Reference("file:twin/id_ed25519"),
                        null,
                        new Reference("file:twin/known_hosts"),
                        null),
                hosts,
                new Packages(
                        "https://pkgs.k8s.io/core:/stable:/v{minor}/deb/",
                        "/etc/apt/keyrings/kubernetes-apt-keyring.gpg",
                        "/etc/apt/sources.list.d/kubernetes.list",
                        "1.1"),
                new Backups(new Reference("file:twin/backups")),
                List.of(),
                List.of());
    }
}
