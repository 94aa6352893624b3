package dev.belay.workflows;

import dev.belay.model.plan.Batches;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.runbook.GroupStep;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A group: batch after batch, every node of a batch a child workflow. No batch begins before every node of the one before it is done, so a
 * node that parks lets its siblings finish and holds up the rest.
 */
final class GroupRun implements Groups {

    private final List<NodeFacts> nodes;
    private final NodeVisits visits;
    private final NodeTally tally;
    private final Supplier<Boolean> mayStart;
    private final Supplier<Boolean> leave;
    private final Supplier<Boolean> postpone;
    private final Runnable batchDone;

    GroupRun(
            List<NodeFacts> nodes,
            NodeVisits visits,
            NodeTally tally,
            Supplier<Boolean> mayStart,
            Supplier<Boolean> leave,
            Supplier<Boolean> postpone,
            Runnable batchDone) {
        this.nodes = nodes;
        this.visits = visits;
        this.tally = tally;
        this.mayStart = mayStart;
        this.leave = leave;
        this.postpone = postpone;
        this.batchDone = batchDone;
    }

    @Override
    public End run(GroupStep group, Frame frame, Map<String, Map<String, Object>> outputs) {
        for (List<NodeFacts> batch : Batches.of(group.forEach(), nodes)) {
            List<NodeFacts> open = batch.stream()
                    .filter(node -> !visits.wasVisited(group, node))
                    .toList();
            if (open.isEmpty()) {
                continue;
            }
            Workflow.await(() -> leave.get() || mayStart.get());
            if (leave.get()) {
                return End.LEFT;
            }
            if (postpone.get()) {
                return End.POSTPONED;
            }
            visitAll(group, open, frame, outputs);
            batchDone.run();
        }
        return leave.get() ? End.LEFT : End.COMPLETE;
    }

    @Override
    public void skip(GroupStep group) {
        tally.skipped(group);
        batchDone.run();
    }

    private void visitAll(
            GroupStep group, List<NodeFacts> batch, Frame frame, Map<String, Map<String, Object>> outputs) {
        List<Promise<Void>> visiting = new ArrayList<>();
        for (NodeFacts node : batch) {
            visiting.add(Async.procedure(() -> visits.visit(group, node, frame, outputs)));
        }
        Waits.settleAll(visiting);
    }
}
