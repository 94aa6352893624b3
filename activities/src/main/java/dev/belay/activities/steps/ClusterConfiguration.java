package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import java.util.Map;
import java.util.Optional;

/** What kubeadm keeps in the ConfigMap {@code kube-system/kubeadm-config}. */
public record ClusterConfiguration(JsonNode tree) {

    public static ClusterConfiguration of(KubeCluster kube) {
        Map<String, String> data = kube.configMap("kube-system", "kubeadm-config")
                .orElseThrow(() -> unreadable("there is no ConfigMap kube-system/kubeadm-config"));
        try {
            JsonNode tree = Yaml.mapper().readTree(data.getOrDefault("ClusterConfiguration", ""));
            return new ClusterConfiguration(tree == null ? MissingNode.getInstance() : tree);
        } catch (JsonProcessingException e) {
            throw unreadable("the ConfigMap kube-system/kubeadm-config cannot be read: " + e.getOriginalMessage());
        }
    }

    /** The version that kubeadm believes the cluster to have. */
    public Optional<KubernetesVersion> kubernetesVersion() {
        return KubernetesVersion.tryParse(tree.path("kubernetesVersion").asText(""));
    }

    /** Says whether etcd has hosts of its own, which kubeadm does not touch. */
    public boolean hasExternalEtcd() {
        return tree.path("etcd").has("external");
    }

    public String dnsDomain() {
        return tree.path("networking").path("dnsDomain").asText("cluster.local");
    }

    private static StepFailure unreadable(String why) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "KUBEADM_CONFIG",
                why,
                "rebuild it with `kubeadm init phase upload-config kubeadm --config <file>`, reviewed");
    }
}
