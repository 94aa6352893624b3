package dev.belay.model.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far apart versions may be, from the version skew policy of Kubernetes: API servers at most one minor, a kubelet never newer than any
 * API server and at most three minors older (two for kubelets before 1.25), a control plane one minor at a time.
 */
public final class VersionSkew {
    private static final int KUBELET_OF_THREE = 25;

    private VersionSkew() {}

    /** What is wrong between the API servers of one cluster. */
    public static List<Finding> apiServers(Map<NodeName, KubernetesVersion> servers) {
        List<KubernetesVersion> sorted = servers.values().stream().sorted().toList();
        if (sorted.isEmpty()) {
            return List.of();
        }
        KubernetesVersion lowest = sorted.get(0);
        KubernetesVersion highest = sorted.get(sorted.size() - 1);
        if (minors(lowest, highest) <= 1) {
            return List.of();
        }
        String who = servers.entrySet().stream()
                .filter(server ->
                        server.getValue().equals(lowest) || server.getValue().equals(highest))
                .map(server -> server.getKey() + " " + server.getValue())
                .sorted()
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        return List.of(new Finding(
                "skew-api-servers",
                who,
                "API servers are more than one minor apart",
                "bring the older ones to " + highest.minorText() + " minor by minor, each with its own kubeadm"));
    }

    /**
     * What is wrong between kubelets and the API servers they may meet.
     *
     * @param lowest the oldest API server
     */
    public static List<Finding> kubelets(KubernetesVersion lowest, Map<NodeName, KubernetesVersion> kubelets) {
        List<Finding> findings = new ArrayList<>();
        kubelets.forEach((node, kubelet) -> {
            if (kubelet.minor() > lowest.minor() || kubelet.major() > lowest.major()) {
                findings.add(tooNew(node, kubelet, lowest));
            } else if (minors(kubelet, lowest) > reach(kubelet)) {
                findings.add(tooOld(node, kubelet, lowest));
            }
        });
        return List.copyOf(findings);
    }

    /** What is wrong with taking a control plane from one version to another in one hop. */
    public static List<Finding> hop(KubernetesVersion from, KubernetesVersion to) {
        boolean onward = to.compareTo(from) >= 0 && minors(from, to) <= 1;
        if (onward && to.major() == from.major()) {
            return List.of();
        }
        return List.of(new Finding(
                "skew-hop",
                from + " to " + to,
                "a control plane moves one minor at a time and never back",
                "after " + from.minorText() + " comes 1." + (from.minor() + 1)));
    }

    private static Finding tooNew(NodeName node, KubernetesVersion kubelet, KubernetesVersion lowest) {
        return new Finding(
                "skew-kubelet-newer",
                node.value(),
                "its kubelet is at " + kubelet + ", newer than the API server at " + lowest,
                "raise the control plane to " + kubelet.minorText() + " first, or put an older kubelet on the node");
    }

    private static Finding tooOld(NodeName node, KubernetesVersion kubelet, KubernetesVersion lowest) {
        return new Finding(
                "skew-kubelet-older",
                node.value(),
                "its kubelet is at " + kubelet + ", more than " + reach(kubelet)
                        + " minors older than the API server at " + lowest,
                "raise it to at least 1." + Math.max(0, lowest.minor() - reach(kubelet)) + " first");
    }

    private static int reach(KubernetesVersion kubelet) {
        return kubelet.minor() >= KUBELET_OF_THREE ? 3 : 2;
    }

    private static int minors(KubernetesVersion lower, KubernetesVersion higher) {
        return higher.major() == lower.major() ? higher.minor() - lower.minor() : Integer.MAX_VALUE;
    }
}
