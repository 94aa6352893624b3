package dev.belay.twin.release;

import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What each minor ships and what it no longer accepts: the hop facts, with the etcd of a site that keeps it maintained. */
public final class Releases {

    public static final String ETCD = "etcd";
    public static final String API_SERVER = "kube-apiserver";
    public static final String CONTROLLER_MANAGER = "kube-controller-manager";
    public static final String SCHEDULER = "kube-scheduler";
    /** In the order in which kubeadm upgrades them. */
    public static final List<String> COMPONENTS = List.of(ETCD, API_SERVER, CONTROLLER_MANAGER, SCHEDULER);

    private static final int ALWAYS_PUBLISHED = 20;

    /** The hop facts name the tags of stock releases, which etcd's own guides ask to leave before its minor is raised. */
    private static final Map<Integer, String> MAINTAINED_ETCD =
            Map.of(33, "3.5.35-0", 34, "3.6.16-0", 35, "3.6.16-0", 36, "3.6.16-0");

    private Releases() {}

    /** The static pods of a control plane. */
    public static List<String> components(boolean externalEtcd) {
        return externalEtcd ? COMPONENTS.subList(1, COMPONENTS.size()) : COMPONENTS;
    }

    /** The tag of etcd's image. */
    public static String etcdTag(KubernetesVersion version) {
        String stock = HopFacts.load(version.minorText()).images().etcd();
        return MAINTAINED_ETCD.getOrDefault(version.minor(), stock);
    }

    public static String etcd(KubernetesVersion version) {
        return EtcdVersion.parse(etcdTag(version)).toString();
    }

    public static String coreDns(KubernetesVersion version) {
        return HopFacts.load(version.minorText()).images().coredns();
    }

    public static String repository(KubernetesVersion version) {
        return HopFacts.load(version.minorText()).imageRepository().name();
    }

    public static String configVersion(KubernetesVersion version) {
        return HopFacts.load(version.minorText()).kubeadmConfig().writes();
    }

    /** The image of a component as this minor's kubeadm writes it into a manifest. */
    public static String image(String component, KubernetesVersion version, String repository) {
        String tag = component.equals(ETCD) ? etcdTag(version) : version.toString();
        return repository + "/" + component + ":" + tag;
    }

    public static String pauseImage(KubernetesVersion version) {
        return repository(version) + "/pause:"
                + HopFacts.load(version.minorText()).images().pause();
    }

    public static String coreDnsImage(KubernetesVersion version) {
        return repository(version) + "/coredns/coredns:" + coreDns(version);
    }

    /** As {@code kubeadm config images list} prints them. */
    public static List<String> images(KubernetesVersion version) {
        String from = repository(version);
        return List.of(
                image(API_SERVER, version, from),
                image(CONTROLLER_MANAGER, version, from),
                image(SCHEDULER, version, from),
                image("kube-proxy", version, from),
                coreDnsImage(version),
                pauseImage(version),
                image(ETCD, version, from));
    }

    /** The newest patch the package repository of a minor has. */
    public static int lastPatch(KubernetesVersion version) {
        int known = HopFacts.load(version.minorText()).newest().version().patch();
        return Math.max(ALWAYS_PUBLISHED, known);
    }

    /** Flags that this component of this minor refuses to start with. */
    public static Set<String> flagsGone(String component, KubernetesVersion version) {
        return until(version).stream()
                .flatMap(facts -> facts.removedFlags(component).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Feature gates unknown to this minor. */
    public static Set<String> gatesGone(KubernetesVersion version) {
        return until(version).stream()
                .flatMap(facts -> facts.removedFeatureGates().stream())
                .flatMap(row -> row.gates().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<HopFacts> until(KubernetesVersion version) {
        return IntStream.rangeClosed(HopFacts.OLDEST, version.minor())
                .mapToObj(minor -> HopFacts.load("1." + minor))
                .toList();
    }
}
