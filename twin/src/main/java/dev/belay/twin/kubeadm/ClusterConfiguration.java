package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.release.Releases;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What kubeadm keeps in the ConfigMap {@code kubeadm-config}.
 *
 * @param extraArgs flags by component, such as {@code --v=2}
 * @param externalEtcd URLs of an external etcd; empty where the control planes run it
 */
public record ClusterConfiguration(
        String clusterName,
        String endpoint,
        KubernetesVersion version,
        String imageRepository,
        Map<String, List<String>> extraArgs,
        List<String> externalEtcd) {

    public ClusterConfiguration {
        extraArgs = new TreeMap<>(extraArgs);
        externalEtcd = List.copyOf(externalEtcd);
    }

    /** Of a cluster that was made with this version. */
    public static ClusterConfiguration of(
            String clusterName,
            String endpoint,
            KubernetesVersion version,
            Map<String, List<String>> extraArgs,
            List<String> externalEtcd) {
        return new ClusterConfiguration(
                clusterName, endpoint, version, Releases.repository(version), extraArgs, externalEtcd);
    }

    /** After an upgrade: a default registry that moved is followed. */
    ClusterConfiguration upgraded(KubernetesVersion to) {
        return of(clusterName, endpoint, to, extraArgs, externalEtcd);
    }

    boolean hasExternalEtcd() {
        return !externalEtcd.isEmpty();
    }

    private String etcd() {
        if (!hasExternalEtcd()) {
            return "etcd:\n  local:\n    dataDir: /var/lib/etcd\n";
        }
        return "etcd:\n  external:\n    caFile: /etc/kubernetes/pki/etcd/ca.crt\n    certFile: /etc/kubernetes/pki/apiserver-etcd-client.crt\n"
                + "    endpoints:\n"
                + externalEtcd.stream().map(url -> "    - " + url + "\n").collect(Collectors.joining())
                + "    keyFile: /etc/kubernetes/pki/apiserver-etcd-client.key\n";
    }

    List<String> argsOf(String component) {
        return extraArgs.getOrDefault(component, List.of());
    }

    /** The text in the ConfigMap. */
    public String yaml() {
        return """
                apiServer: {}
                apiVersion: kubeadm.k8s.io/%s
                certificatesDir: /etc/kubernetes/pki
                clusterName: %s
                controlPlaneEndpoint: %s:6443
                controllerManager: {}
                dns: {}
                %simageRepository: %s
                kind: ClusterConfiguration
                kubernetesVersion: %s
                networking:
                  dnsDomain: cluster.local
                  serviceSubnet: 10.96.0.0/16
                scheduler: {}
                """.formatted(Releases.configVersion(version), clusterName, endpoint, etcd(), imageRepository, version);
    }
}
