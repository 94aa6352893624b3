package dev.belay.model.plan;

import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.runbook.Batch;
import dev.belay.model.runbook.ForEach;
import dev.belay.model.runbook.NodeSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes a group visits and how many at a time. The plan and the run both ask here, so that they cannot differ.
 *
 * <p>Nodes keep the cluster's order; with {@link Batch#byZone()} they are first put zone by zone, in the order in which the zones
 * appear, and no batch crosses from one zone into the next. A share is of the nodes selected, rounded down, and at least one.
 */
public final class Batches {
    /** A batch is awaited as child workflows of one hop; more would make a single workflow task too large. */
    public static final int LARGEST = 25;

    private Batches() {}

    /**
     * Cuts the selected nodes into batches.
     *
     * @param nodes {@link ClusterFacts#hosts()} of the whole cluster
     * @return no batch at all when nothing is selected; never an empty batch
     */
    public static List<List<NodeFacts>> of(ForEach forEach, List<NodeFacts> nodes) {
        List<NodeFacts> selected = select(forEach, nodes);
        Batch batch = forEach.batch();
        int size = Math.min(size(batch.size(), selected.size()), bound(batch));
        List<List<NodeFacts>> batches = new ArrayList<>();
        int canaries = Math.min(batch.canary(), bound(batch));
        for (List<NodeFacts> zone : zones(batch, selected)) {
            int taken = batches.isEmpty() ? Math.min(canaries, zone.size()) : 0;
            if (taken > 0) {
                batches.add(List.copyOf(zone.subList(0, taken)));
            }
            batches.addAll(cut(zone.subList(taken, zone.size()), size));
        }
        return List.copyOf(batches);
    }

    /** The nodes a group visits, in the cluster's order. */
    public static List<NodeFacts> select(ForEach forEach, List<NodeFacts> nodes) {
        boolean external = nodes.stream().anyMatch(node -> node.role() == NodeRole.ETCD);
        List<NodeFacts> set = nodes.stream()
                .filter(node -> holds(forEach.nodes(), node, external))
                .toList();
        if (forEach.last() != null) {
            return set.subList(Math.max(0, set.size() - forEach.last()), set.size());
        }
        int from = Math.min(forEach.skip(), set.size());
        int to = Math.max(from, set.size() - forEach.skipLast());
        if (forEach.take() != null) {
            to = Math.min(to, from + forEach.take());
        }
        return set.subList(from, to);
    }

    private static boolean holds(NodeSet set, NodeFacts node, boolean external) {
        return switch (set) {
            case CONTROL_PLANE -> node.role() == NodeRole.CONTROL_PLANE;
            case WORKERS -> node.role() == NodeRole.WORKER;
            case ETCD -> node.role() == (external ? NodeRole.ETCD : NodeRole.CONTROL_PLANE);
            case ALL -> node.role() != NodeRole.ETCD;
        };
    }

    private static Collection<List<NodeFacts>> zones(Batch batch, List<NodeFacts> nodes) {
        if (!batch.byZone()) {
            return List.of(nodes);
        }
        Map<String, List<NodeFacts>> zones = new LinkedHashMap<>();
        for (NodeFacts node : nodes) {
            zones.computeIfAbsent(node.zone(), zone -> new ArrayList<>()).add(node);
        }
        return zones.values();
    }

    private static List<List<NodeFacts>> cut(List<NodeFacts> nodes, int size) {
        List<List<NodeFacts>> pieces = new ArrayList<>();
        for (int from = 0; from < nodes.size(); from += size) {
            pieces.add(List.copyOf(nodes.subList(from, Math.min(from + size, nodes.size()))));
        }
        return pieces;
    }

    private static int bound(Batch batch) {
        return Math.max(1, Math.min(batch.max(), LARGEST));
    }

    private static int size(String text, int selected) {
        try {
            boolean share = text.endsWith("%");
            int number = Integer.parseInt(share ? text.substring(0, text.length() - 1) : text);
            long size = share ? (long) selected * number / 100 : number;
            if (number >= 1) {
                return (int) Math.max(1, Math.min(size, LARGEST));
            }
        } catch (NumberFormatException e) {
            throw unusable(text, e);
        }
        throw unusable(text, null);
    }

    private static IllegalArgumentException unusable(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "\"" + text + "\" is not the size of a batch: it should be a number such as 3, or a share such as 10%",
                cause);
    }
}
