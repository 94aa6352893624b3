package dev.belay.bench;

import dev.belay.workflows.Belay;
import dev.belay.workflows.NodeInput;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The histories of a run and of every workflow below it, continued ones included. */
final class Histories {

    private final WorkflowClient client;
    private final List<Story> stories = new ArrayList<>();

    private Histories(WorkflowClient client) {
        this.client = client;
    }

    /**
     * One history.
     *
     * @param node what it began with, where it is a node's
     */
    record Story(String id, String type, int events, long bytes, Optional<NodeInput> node) {}

    /** @param runId Temporal's; empty takes the latest */
    static List<Story> of(WorkflowClient client, String workflowId, String runId) {
        Histories histories = new Histories(client);
        histories.read(workflowId, runId);
        return List.copyOf(histories.stories);
    }

    private void read(String workflowId, String runId) {
        WorkflowExecutionHistory history =
                runId.isEmpty() ? client.fetchHistory(workflowId) : client.fetchHistory(workflowId, runId);
        List<HistoryEvent> events = history.getEvents();
        WorkflowExecutionStartedEventAttributes start = events.get(0).getWorkflowExecutionStartedEventAttributes();
        String type = start.getWorkflowType().getName();
        long bytes = history.getHistory().getSerializedSize();
        stories.add(new Story(workflowId, type, events.size(), bytes, node(type, start)));
        events.forEach(event -> follow(workflowId, event));
    }

    private void follow(String workflowId, HistoryEvent event) {
        if (event.hasChildWorkflowExecutionStartedEventAttributes()) {
            WorkflowExecution child =
                    event.getChildWorkflowExecutionStartedEventAttributes().getWorkflowExecution();
            read(child.getWorkflowId(), child.getRunId());
        }
        if (event.hasWorkflowExecutionContinuedAsNewEventAttributes()) {
            read(
                    workflowId,
                    event.getWorkflowExecutionContinuedAsNewEventAttributes().getNewExecutionRunId());
        }
    }

    private static Optional<NodeInput> node(String type, WorkflowExecutionStartedEventAttributes start) {
        return type.equals("belay.node")
                ? Optional.of(Belay.dataConverter()
                        .fromPayload(start.getInput().getPayloads(0), NodeInput.class, NodeInput.class))
                : Optional.empty();
    }
}
