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
        Map<String, String> nodeSelector) {

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    public PodTemplate {
        labels = new TreeMap<>(labels);
        images = List.copyOf(images);
        command = List.copyOf(command);
        nodeSelector = new TreeMap<>(nodeSelector);
    }

    public static PodTemplate of(Map<String, String> labels, String image) {
        return new PodTemplate(labels, List.of(image), List.of(), DEFAULT_GRACE, false, false, "", Map.of());
    }

    public PodTemplate onControlPlanesToo() {
        return new PodTemplate(labels, images, command, gracePeriod, emptyDir, true, nodeName, nodeSelector);
    }

    public PodTemplate withEmptyDir() {
        return new PodTemplate(
                labels, images, command, gracePeriod, true, toleratesControlPlane, nodeName, nodeSelector);
    }

    public PodTemplate withImage(String image) {
        return new PodTemplate(
                labels, List.of(image), command, gracePeriod, emptyDir, toleratesControlPlane, nodeName, nodeSelector);
    }

    public PodTemplate withNodeName(String node) {
        return new PodTemplate(labels, images, command, gracePeriod, emptyDir, toleratesControlPlane, node, Map.of());
    }

    boolean selectedBy(Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
