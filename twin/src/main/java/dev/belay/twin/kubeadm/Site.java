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
import java.util.stream.Collectors;

/** The cluster as kubeadm finds it. */
public final class Site {

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

    public ClusterConfiguration configuration() {
        return configuration;
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
