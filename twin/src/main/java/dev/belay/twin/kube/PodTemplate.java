package dev.belay.twin.kube;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the pods of an owner are made of.
 *
 * @param command of the only container when it is to run to its end; empty for a server
 * @param nodeName bound there without asking the scheduler; empty when not given
 */
public record PodTemplate(
        Map<String, String> labels,
        List<String> images,
        List<String> command,
        Duration gracePeriod,
        boolean emptyDir,
        boolean toleratesControlPlane,
        String nodeName,
        Map<String, String> nodeSelector,
        Map<String, String> annotations) {

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    public PodTemplate {
        labels = new TreeMap<>(labels);
        images = List.copyOf(images);
        command = List.copyOf(command);
        nodeSelector = new TreeMap<>(nodeSelector);
        annotations = new TreeMap<>(annotations);
    }

    public static PodTemplate of(Map<String, String> labels, String image) {
        return new PodTemplate(labels, List.of(image), List.of(), DEFAULT_GRACE, false, false, "", Map.of(), Map.of());
    }

    public PodTemplate onControlPlanesToo() {
        return new PodTemplate(
                labels, images, command, gracePeriod, emptyDir, true, nodeName, nodeSelector, annotations);
    }

    public PodTemplate withEmptyDir() {
        return new PodTemplate(
                labels, images, command, gracePeriod, true, toleratesControlPlane, nodeName, nodeSelector, annotations);
    }

    public PodTemplate withImage(String image) {
        return new PodTemplate(
                labels,
                List.of(image),
                command,
                gracePeriod,
                emptyDir,
                toleratesControlPlane,
                nodeName,
                nodeSelector,
                annotations);
    }

    public PodTemplate withNodeName(String node) {
        return new PodTemplate(
                labels, images, command, gracePeriod, emptyDir, toleratesControlPlane, node, Map.of(), annotations);
    }

    public PodTemplate withAnnotations(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(annotations);
        all.putAll(more);
        return new PodTemplate(
                labels, images, command, gracePeriod, emptyDir, toleratesControlPlane, nodeName, nodeSelector, all);
    }

    /** A pod of this one would not be replaced by one of the other. */
    boolean makesTheSameAs(PodTemplate other) {
        return images.equals(other.images) && annotations.equals(other.annotations);
    }

    boolean selectedBy(Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
