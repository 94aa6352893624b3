package dev.belay.twin.kube;

import dev.belay.activities.kube.KubeNode;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A node in the simulated API. */
public final class ApiNode {

    private final NodeName name;
    private final boolean controlPlane;
    private final String internalIp;
    private final String runtime;
    private final Map<String, String> labels;
    private final Map<String, String> annotations = new TreeMap<>();
    private final NavigableSet<ApiPod> pods = new TreeSet<>();
    private KubernetesVersion kubelet;
    private boolean ready = true;
    private boolean unschedulable;
    private @Nullable KubeNode seen;

    ApiNode(
            NodeName name,
            boolean controlPlane,
            String internalIp,
            String runtime,
            KubernetesVersion kubelet,
            Map<String, String> labels) {
        this.name = name;
        this.controlPlane = controlPlane;
        this.internalIp = internalIp;
        this.runtime = runtime;
        this.kubelet = kubelet;
        this.labels = new TreeMap<>(labels);
        annotations.put("node.alpha.kubernetes.io/ttl", "0");
    }

    public NodeName name() {
        return name;
    }

    public boolean isControlPlane() {
        return controlPlane;
    }

    public KubernetesVersion kubelet() {
        return kubelet;
    }

    public boolean isReady() {
        return ready;
    }

    public boolean isUnschedulable() {
        return unschedulable;
    }

    NavigableSet<ApiPod> pods() {
        return pods;
    }

    /** What the kubelet posts. */
    void post(KubernetesVersion version, boolean isReady) {
        kubelet = version;
        ready = isReady;
        seen = null;
    }

    void setUnschedulable(boolean value) {
        unschedulable = value;
        seen = null;
    }

    void annotate(String key, String value) {
        annotations.put(key, value);
        seen = null;
    }

    void removeAnnotation(String key) {
        annotations.remove(key);
        seen = null;
    }

    String annotation(String key) {
        return annotations.getOrDefault(key, "");
    }

    boolean takes(PodTemplate template) {
        return ready
                && !unschedulable
                && (!controlPlane || template.toleratesControlPlane())
                && labels.entrySet().containsAll(template.nodeSelector().entrySet());
    }

    String internalIp() {
        return internalIp;
    }

    String runtime() {
        return runtime;
    }

    Map<String, String> labels() {
        return labels;
    }

    Map<String, String> annotations() {
        return annotations;
    }

    /** Gets what another cluster's data say of it. */
    void restore(Values.Node kept) {
        kubelet = kept.kubelet();
        ready = kept.ready();
        unschedulable = kept.unschedulable();
        labels.clear();
        labels.putAll(kept.labels());
        annotations.clear();
        annotations.putAll(kept.annotations());
        seen = null;
    }

    KubeNode seen() {
        KubeNode known = seen;
        if (known == null) {
            known = new KubeNode(
                    name, controlPlane, kubelet, ready, !unschedulable, "", internalIp, runtime, labels, annotations);
            seen = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return name.value();
    }
}
