package dev.belay.model.kubernetes;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What the hop to one minor needs and changes: data, one file a minor, each row with its source. For planning, rehearsals and for what a
 * person is told; on a real cluster the minor's own kubeadm has the last word about images.
 *
 * @param minor {@code 1.34}
 * @param newest the newest patch known when the file was written
 * @param imageRepository where kubeadm of this minor takes its images from by default
 * @param images tags of the newest patch
 * @param kubeadmConfig versions of kubeadm's configuration API
 * @param containerd what its makers support
 * @param etcdBefore what etcd should be before a hop that raises its minor
 * @param removedFlags a process that has one of these does not start
 * @param removedFeatureGates likewise
 * @param removedApis no longer served
 * @param changes that may need an act
 * @param checks of what would stop the hop or break the cluster after it
 */
public record HopFacts(
        String minor,
        Newest newest,
        ImageRepository imageRepository,
        Images images,
        KubeadmConfig kubeadmConfig,
        Containerd containerd,
        List<EtcdBefore> etcdBefore,
        List<RemovedFlags> removedFlags,
        List<RemovedFeatureGates> removedFeatureGates,
        List<RemovedApi> removedApis,
        List<Change> changes,
        List<Change> checks) {

    /** The oldest minor a climb can begin at. */
    public static final int OLDEST = 24;
    /** The newest minor a climb can end at. */
    public static final int NEWEST = 37;

    public HopFacts {
        etcdBefore = List.copyOf(etcdBefore);
        removedFlags = List.copyOf(removedFlags);
        removedFeatureGates = List.copyOf(removedFeatureGates);
        removedApis = List.copyOf(removedApis);
        changes = List.copyOf(changes);
        checks = List.copyOf(checks);
    }

    /**
     * The facts of one minor.
     *
     * @param minor {@code 1.34}
     */
    public static HopFacts load(String minor) {
        HopFacts facts = Shipped.BY_MINOR.get(minor);
        if (facts == null) {
            throw new IllegalArgumentException(
                    "Belay has no facts about Kubernetes " + minor + ": it knows " + range());
        }
        return facts;
    }

    /** Every minor known, oldest first. */
    public static List<HopFacts> all() {
        return IntStream.rangeClosed(OLDEST, NEWEST)
                .mapToObj(minor -> load("1." + minor))
                .toList();
    }

    /** The newest patch of the newest minor. */
    public static KubernetesVersion newestKnown() {
        return load("1." + NEWEST).newest().version();
    }

    public static boolean knows(KubernetesVersion version) {
        return Shipped.BY_MINOR.containsKey(version.minorText());
    }

    /** {@code 1.24 to 1.37}. */
    public static String range() {
        return "1." + OLDEST + " to 1." + NEWEST;
    }

    /** Says whether a climb between these versions, one minor apart, brings an etcd of a newer minor. */
    public static boolean raisesEtcdMinor(KubernetesVersion from, KubernetesVersion to) {
        return load(from.minorText())
                .images()
                .etcdVersion()
                .isOfOlderMinorThan(load(to.minorText()).images().etcdVersion());
    }

    /** Flags with which a component of this minor does not start. */
    public List<String> removedFlags(String component) {
        return removedFlags.stream()
                .filter(row -> row.component().equals(component))
                .flatMap(row -> row.flags().stream())
                .toList();
    }

    /** Feature gates with which no component of Kubernetes of this minor starts; kubeadm's own are not among them. */
    public List<String> removedGates() {
        return removedFeatureGates.stream()
                .filter(row -> row.component().equals("kubernetes"))
                .flatMap(row -> row.gates().stream())
                .toList();
    }

    static HopFacts parse(String name, byte[] content) {
        return FactFiles.parse(name, content, new TypeReference<>() {});
    }

    /** The newest patch known. */
    public record Newest(KubernetesVersion version, String source) {
        public Newest {
            FactFiles.sourced(source, version);
        }
    }

    /** The registry. */
    public record ImageRepository(String name, String source) {
        public ImageRepository {
            FactFiles.sourced(source, name);
        }
    }

    /** Tags of what kubeadm brings besides Kubernetes itself. */
    public record Images(String etcd, String coredns, String pause, String source) {
        public Images {
            FactFiles.sourced(source, etcd);
        }

        public EtcdVersion etcdVersion() {
            return EtcdVersion.parse(etcd);
        }
    }

    /** Versions of kubeadm's configuration API: those it reads, and the one it writes. */
    public record KubeadmConfig(List<String> reads, String writes, String source) {
        public KubeadmConfig {
            reads = List.copyOf(reads);
            FactFiles.sourced(source, writes);
        }
    }

    /** The oldest containerd that is supported, and the oldest of each line. */
    public record Containerd(String minimum, List<String> supported, String source) {
        public Containerd {
            supported = List.copyOf(supported);
            FactFiles.sourced(source, minimum);
        }
    }

    /** What a member's etcd should be at least before its minor is raised. */
    public record EtcdBefore(EtcdVersion minimum, Severity severity, String why, String source) {
        public EtcdBefore {
            FactFiles.sourced(source, minimum);
        }
    }

    /** Flags taken away from one component. */
    public record RemovedFlags(String component, List<String> flags, String source) {
        public RemovedFlags {
            flags = List.copyOf(flags);
            FactFiles.sourced(source, flags);
        }
    }

    /**
     * Feature gates that are no longer known.
     *
     * @param component {@code kubernetes} for API server, controller manager, scheduler, kubelet and proxy; {@code kubeadm}
     */
    public record RemovedFeatureGates(String component, List<String> gates, String source) {
        public RemovedFeatureGates {
            gates = List.copyOf(gates);
            FactFiles.sourced(source, gates);
        }
    }

    /**
     * A group, version and kind that is no longer served.
     *
     * @param successor the word none when nothing takes its place
     */
    public record RemovedApi(String api, String successor, String note, String source) {
        public RemovedApi {
            FactFiles.sourced(source, api);
        }
    }

    /** Something that is different after the hop, or must be so before it, and what to do about it. */
    public record Change(String id, String what, String action, String source) {
        public Change {
            FactFiles.sourced(source, id);
        }
    }

    private static final class Shipped {
        private static final Map<String, HopFacts> BY_MINOR = read();

        private static Map<String, HopFacts> read() {
            Map<String, HopFacts> facts = new TreeMap<>();
            for (int minor = OLDEST; minor <= NEWEST; minor++) {
                String path = "/kubernetes/hops/1." + minor + ".yaml";
                HopFacts file = FactFiles.resource(path, new TypeReference<>() {});
                if (!file.minor().equals("1." + minor)) {
                    throw new IllegalStateException(path + " is about " + file.minor());
                }
                facts.put(file.minor(), file);
            }
            return facts;
        }
    }
}
