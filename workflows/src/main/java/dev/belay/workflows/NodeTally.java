package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Batches;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the nodes of a hop for which no group is left to do. */
final class NodeTally {

    private final Plan plan;
    private final Map<NodeName, Integer> left = new LinkedHashMap<>();

    NodeTally(Plan plan) {
        this.plan = plan;
        for (Phase phase : Phase.values()) {
            plan.runbook().phase(phase).stream()
                    .filter(GroupStep.class::isInstance)
                    .map(GroupStep.class::cast)
                    .forEach(group -> count(group, 1));
        }
    }

    void visited(NodeName node) {
        left.merge(node, -1, Integer::sum);
    }

    /** A visit that is to be made again. */
    void left(NodeName node) {
        left.merge(node, 1, Integer::sum);
    }

    /** The whole group is left out. */
    void skipped(GroupStep group) {
        count(group, -1);
    }

    int total() {
        return left.size();
    }

    int done() {
        return (int) left.values().stream().filter(groups -> groups <= 0).count();
    }

    private void count(GroupStep group, int by) {
        for (NodeFacts node : Batches.select(group.forEach(), plan.cluster().hosts())) {
            left.merge(node.name(), by, Integer::sum);
        }
    }
}
