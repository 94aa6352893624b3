package dev.belay.twin;

import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.etcd.Beginning;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.kube.Api;
import dev.belay.twin.machine.Components;
import dev.belay.twin.release.Releases;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** etcd and the API servers, started and stopped by the static pods of their nodes. */
final class ControlPlaneProcesses implements Components {

    static final String DATA = "/var/lib/etcd";

    private final EtcdRing etcd;
    private final Api api;

    ControlPlaneProcesses(EtcdRing etcd, Api api) {
        this.etcd = etcd;
        this.api = api;
    }

    @Override
    public Optional<String> refuses(Wanted pod) {
        if (pod.component().equals(Releases.ETCD)) {
            return experimental(pod.image(), pod.arguments()).or(() -> etcd.refuses(beginning(pod)));
        }
        Optional<KubernetesVersion> version = KubernetesVersion.tryParse(tag(pod.image()));
        return version.flatMap(known -> unknownFlag(pod.component(), known, pod.arguments()));
    }

    @Override
    public void started(Wanted pod) {
        String node = pod.node().value();
        if (pod.component().equals(Releases.ETCD)) {
            etcd.start(beginning(pod));
        }
        if (pod.component().equals(Releases.API_SERVER)) {
            api.servers().started(node, KubernetesVersion.parse(tag(pod.image())));
        }
    }

    private static Beginning beginning(Wanted pod) {
        return new Beginning(
                etcdVersion(pod.image()),
                new DataDirectory(pod.files(), pod.flag("--data-dir").orElse(DATA)),
                pod.flag("--name").orElse(pod.node().value()),
                words(pod, "--initial-advertise-peer-urls"),
                words(pod, "--initial-cluster"),
                pod.flag("--initial-cluster-state").equals(Optional.of("existing")));
    }

    private static List<String> words(Wanted pod, String flag) {
        return pod.flag(flag).map(value -> List.of(value.split(",", -1))).orElse(List.of());
    }

    @Override
    public void stopped(String node, String component) {
        if (component.equals(Releases.ETCD)) {
            etcd.member(node).ifPresent(etcd::stop);
        }
        if (component.equals(Releases.API_SERVER)) {
            api.servers().stopped(node);
        }
    }

    private static Optional<String> experimental(String image, Iterable<String> arguments) {
        if (EtcdRing.minor(etcdVersion(image)) < 7) {
            return Optional.empty();
        }
        return first(arguments, flag -> flag.startsWith("--experimental-"))
                .map(flag -> "flag provided but not defined: " + flag);
    }

    private static Optional<String> unknownFlag(
            String component, KubernetesVersion version, Iterable<String> arguments) {
        Set<String> gone = Releases.flagsGone(component, version);
        return first(arguments, gone::contains).map(flag -> "Error: unknown flag: " + flag);
    }

    private static Optional<String> first(Iterable<String> arguments, Predicate<String> unwanted) {
        for (String argument : arguments) {
            String flag = argument.replaceFirst("=.*", "");
            if (unwanted.test(flag)) {
                return Optional.of(flag);
            }
        }
        return Optional.empty();
    }

    private static String etcdVersion(String image) {
        return EtcdVersion.tryParse(tag(image)).map(EtcdVersion::toString).orElse("0.0.0");
    }

    private static String tag(String image) {
        return image.substring(image.lastIndexOf(':') + 1);
    }
}
