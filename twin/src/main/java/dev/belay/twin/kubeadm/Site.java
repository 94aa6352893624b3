package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.kube.Api;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.machine.StaticPods;
import dev.belay.twin.pki.ClusterPki;
import dev.belay.twin.release.Releases;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The cluster as kubeadm finds it. */
public final class Site {

    private static final Pattern VERSION = Pattern.compile("(?m)^kubernetesVersion: (\\S+)$");

    private final Api api;
    private final EtcdRing etcd;
    private final ClusterPki pki;
    private final Collection<Machine> machines;
    private ClusterConfiguration configuration;

    public Site(
            Api api, EtcdRing etcd, ClusterPki pki, Collection<Machine> machines, ClusterConfiguration configuration) {
        this.api = api;
        this.etcd = etcd;
        this.pki = pki;
        this.machines = machines;
        this.configuration = configuration;
    }

    Api api() {
        return api;
    }

    EtcdRing etcd() {
        return etcd;
    }

    ClusterPki pki() {
        return pki;
    }

    /** As the ConfigMap has it, whoever wrote that last. */
    public ClusterConfiguration configuration() {
        return api.configMap("kube-system", "kubeadm-config")
                .map(data -> VERSION.matcher(data.getOrDefault("ClusterConfiguration", "")))
                .filter(Matcher::find)
                .map(found -> configuration.upgraded(KubernetesVersion.parse(found.group(1))))
                .orElse(configuration);
    }

    /** Writes the ConfigMap {@code kubeadm-config}. */
    public void upload(ClusterConfiguration next) {
        configuration = next;
        api.putConfigMap("kube-system", "kubeadm-config", Map.of("ClusterConfiguration", next.yaml()));
    }

    public String manifest(String component, Machine machine, ClusterConfiguration config) {
        return ManifestText.of(component, machine, config, etcdPeers());
    }

    /** Control planes whose API server is not yet of this version. */
    List<String> behind(KubernetesVersion target) {
        String image = ":" + target;
        return controlPlanes().stream()
                .filter(machine -> !machine.staticPods()
                        .manifest(Releases.API_SERVER)
                        .map(StaticPods::image)
                        .orElse("")
                        .endsWith(image))
                .map(machine -> machine.name().value())
                .toList();
    }

    List<Machine> controlPlanes() {
        return machines.stream().filter(Machine::isControlPlane).toList();
    }

    private String etcdPeers() {
        return controlPlanes().stream()
                .map(machine -> machine.name() + "=https://" + machine.address() + ":2380")
                .collect(Collectors.joining(","));
    }
}
