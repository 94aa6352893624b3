package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.release.Releases;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What kubeadm keeps in the ConfigMap {@code kubeadm-config}.
 *
 * @param extraArgs flags by component, such as {@code --v=2}
 */
public record ClusterConfiguration(
        String clusterName,
        String endpoint,
        KubernetesVersion version,
        String imageRepository,
        Map<String, List<String>> extraArgs) {

    public ClusterConfiguration {
        extraArgs = new TreeMap<>(extraArgs);
    }

    /** Of a cluster that was made with this version. */
    public static ClusterConfiguration of(
            String clusterName, String endpoint, KubernetesVersion version, Map<String, List<String>> extraArgs) {
        return new ClusterConfiguration(clusterName, endpoint, version, Releases.repository(version), extraArgs);
    }

    /** After an upgrade: a default registry that moved is followed. */
    ClusterConfiguration upgraded(KubernetesVersion to) {
        return of(clusterName, endpoint, to, extraArgs);
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
                etcd:
                  local:
                    dataDir: /var/lib/etcd
                imageRepository: %s
                kind: ClusterConfiguration
                kubernetesVersion: %s
                networking:
                  dnsDomain: cluster.local
                  serviceSubnet: 10.96.0.0/16
                scheduler: {}
                """.formatted(Releases.configVersion(version), clusterName, endpoint, imageRepository, version);
    }
}
