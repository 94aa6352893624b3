package dev.belay.activities.kube;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node as the API has it.
 *
 * @param pressures conditions that are true and should not be: MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable, joined by a comma
 * @param internalIp its InternalIP address
 * @param runtime {@code containerd://1.7.28}
 */
public record KubeNode(
        NodeName name,
        boolean controlPlane,
        KubernetesVersion kubelet,
        boolean ready,
        boolean schedulable,
        String pressures,
        String internalIp,
        String runtime,
        Map<String, String> labels,
        Map<String, String> annotations) {

    public KubeNode {
        labels = new TreeMap<>(labels);
        annotations = new TreeMap<>(annotations);
    }
}
