package dev.belay.activities.kube;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod.
 *
 * @param node where it is bound; empty when it is not
 * @param owner {@code Kind/name} of its controller; empty for a bare pod
 * @param mirror the API's picture of a static pod
 * @param emptyDir it has an emptyDir volume
 * @param images image of each container, in order
 * @param containerStarts start time of each running container as RFC 3339; changes when it restarts
 */
public record KubePod(
        String namespace,
        String name,
        String uid,
        String node,
        String owner,
        boolean mirror,
        boolean emptyDir,
        String phase,
        boolean ready,
        boolean terminating,
        Duration gracePeriod,
        Map<String, String> labels,
        List<String> images,
        List<String> containerStarts) {

    public KubePod {
        labels = new TreeMap<>(labels);
        images = List.copyOf(images);
        containerStarts = List.copyOf(containerStarts);
    }

    public boolean ownedBy(String kind) {
        return owner.startsWith(kind + "/");
    }

    public boolean finished() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
