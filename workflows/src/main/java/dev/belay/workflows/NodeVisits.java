package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Failure;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.run.StepRecord;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.Phase;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Visits of a hop to nodes, each a child workflow, awaited. A child that is lost (terminated, cancelled) parks its node; a retry visits it
 * again under a new attempt, whose steps find out what is done.
 */
final class NodeVisits {

    private final HopInput input;
    private final String hopId;
    private final Level level;
    private final Outbox outbox;
    private final Waiting below;
    private final NodeTally tally;
    private final Set<String> active = new LinkedHashSet<>();
    private final Map<String, List<NodeName>> visited = new LinkedHashMap<>();
    private final List<StepRecord> finished = new ArrayList<>();
    private final Map<String, Integer> tried = new LinkedHashMap<>();

    NodeVisits(HopInput input, String hopId, Level level, Outbox outbox, Waiting below, NodeTally tally) {
        this.input = input;
        this.hopId = hopId;
        this.level = level;
        this.outbox = outbox;
        this.below = below;
        this.tally = tally;
        if (input.carried() != null) {
            carry(input.carried());
        }
    }

    private void carry(HopState carried) {
        carried.steps().stream().filter(step -> step.node() != null).forEach(finished::add);
        carried.visited().forEach((group, nodes) -> nodes.forEach(node -> arrived(group, node)));
    }

    List<StepRecord> finished() {
        return List.copyOf(finished);
    }

    Map<String, List<NodeName>> visited() {
        return new LinkedHashMap<>(visited);
    }

    List<String> active() {
        return List.copyOf(active);
    }

    boolean wasVisited(GroupStep group, NodeFacts node) {
        return visited.getOrDefault(group.id(), List.of()).contains(node.name());
    }

    void visit(GroupStep group, NodeFacts facts, Frame frame, Map<String, Map<String, Object>> outputs) {
        NodeCall node = Expansion.nodeCall(input.plan().cluster(), facts);
        String place = group.id() + "@" + node.name();
        int redo = tried.getOrDefault(place, 0);
        for (int attempt = 1 + redo; ; ) {
            String id = Belay.nodeId(hopId, node.name(), group.id(), attempt);
            TemporalFailure lost = work(id, nodeInput(group, node, frame, outputs, redo));
            if (lost == null) {
                tried.put(place, Math.max(attempt, redo + mostTries(node.name(), frame)));
                arrived(group.id(), node.name());
                return;
            }
            Command decision = level.controls().stopping() ? null : park(group, node.name(), frame, Failures.of(lost));
            if (decision == null) {
                return;
            }
            if (decision.kind() == CommandKind.SKIP) {
                arrived(group.id(), node.name());
                return;
            }
            attempt += lost.getCause() instanceof WorkflowExecutionAlreadyStarted ? 0 : 1;
        }
    }

    /** Null when the node's workflow came to its end, done or aborted. */
    private @Nullable TemporalFailure work(String id, NodeInput node) {
        NodeWorkflow child = Workflow.newChildWorkflowStub(NodeWorkflow.class, options(id, node));
        Promise<NodeState> end = Async.function(child::work, node);
        try {
            Workflow.getWorkflowExecution(child).get();
            active.add(id);
            catchUp(id, node.paused());
            NodeState state = end.get();
            active.remove(id);
            finished.addAll(state.steps());
            level.ledger().absorb(state.ledger(), input.plan().signatures());
            if (state.setback() != null) {
                level.controls().setBack(state.setback());
            }
            return null;
        } catch (TemporalFailure lost) {
            if (!level.controls().stopping()) {
                active.remove(id);
            }
            return lost;
        } finally {
            below.forget(id);
        }
    }

    /** Commands that came while the child was being started reached nobody. */
    private void catchUp(String id, boolean startedPaused) {
        if (level.controls().stopping()) {
            outbox.cancel(id);
        } else {
            level.controls().late(hopId, startedPaused).ifPresent(order -> outbox.send(id, order));
        }
    }

    /** Nodes of a phase that was taken back are to be visited again. */
    void again(Phase phase) {
        input.plan().runbook().phase(phase).forEach(step -> {
            List<NodeName> nodes = visited.remove(step.id());
            if (nodes != null) {
                nodes.forEach(tally::left);
            }
        });
        finished.removeIf(record -> record.phase() == phase);
    }

    private int mostTries(NodeName node, Frame frame) {
        return finished.stream()
                .filter(step -> node.equals(step.node()) && step.phase() == frame.phase())
                .mapToInt(StepRecord::attempts)
                .max()
                .orElse(0);
    }

    private NodeInput nodeInput(
            GroupStep group, NodeCall node, Frame frame, Map<String, Map<String, Object>> outputs, int redo) {
        Plan plan = input.plan();
        return new NodeInput(
                input.run(),
                input.runWorkflowId(),
                hopId,
                frame.cluster(),
                frame.planDigest(),
                frame.inventoryDigest(),
                input.site(),
                frame.hop(),
                frame.phase(),
                group.id(),
                node,
                group.steps(),
                frame.timeout(),
                frame.attempts(),
                Belay.signaturesOf(group.steps(), plan.signatures()),
                frame.inputs(),
                outputs,
                level.controls().paused(),
                redo);
    }

    private static ChildWorkflowOptions options(String id, NodeInput node) {
        return ChildWorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                .setTypedSearchAttributes(SearchAttributes.ofChild(node.cluster(), node.hop()))
                .setStaticSummary(bounded(node.node().name() + " (" + node.group() + ")"))
                .build();
    }

    private static String bounded(String text) {
        return text.length() <= 190 ? text : text.substring(0, 190);
    }

    private @Nullable Command park(GroupStep group, NodeName node, Frame frame, Failure failure) {
        String why = "the workflow of node " + node + " was lost: " + failure.why();
        Notice notice = Notice.parked(hopId, frame.hop().to(), group.id(), node, true, why, failure);
        return level.standing().park(notice, frame, level.controls()::ending);
    }

    private void arrived(String group, NodeName node) {
        visited.computeIfAbsent(group, key -> new ArrayList<>()).add(node);
        tally.visited(node);
    }
}
