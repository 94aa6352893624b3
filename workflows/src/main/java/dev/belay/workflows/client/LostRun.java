package dev.belay.workflows.client;

import dev.belay.model.run.RunStatus;
import dev.belay.workflows.Belay;
import dev.belay.workflows.HopState;
import dev.belay.workflows.Notice;
import dev.belay.workflows.Progress;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import dev.belay.workflows.Waiting;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionSignaledEventAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.common.converter.DataConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run that Temporal ended without asking it, read from its history: a worker cannot answer for it, since the SDK does not replay a
 * workflow that was terminated. Its commands stand in the history and are not repeated here.
 */
final class LostRun {

    private final DataConverter converter;
    private final List<HopState> hops = new ArrayList<>();
    private Waiting waiting = new Waiting(List.of());
    private @Nullable RunInput input;
    private @Nullable Progress progress;
    private @Nullable String activeHop;

    private LostRun(DataConverter converter) {
        this.converter = converter;
    }

    /** {@code ended}: in words, how. */
    static RunState read(WorkflowClient client, WorkflowExecutionDescription described, String ended) {
        LostRun run = new LostRun(client.getOptions().getDataConverter());
        client.streamHistory(
                        described.getExecution().getWorkflowId(),
                        described.getExecution().getRunId())
                .forEach(run::hear);
        return run.state(described, ended);
    }

    private void hear(HistoryEvent event) {
        switch (event.getEventType()) {
            case EVENT_TYPE_WORKFLOW_EXECUTION_STARTED ->
                begin(decode(event.getWorkflowExecutionStartedEventAttributes().getInput(), RunInput.class));
            case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED -> hear(event.getWorkflowExecutionSignaledEventAttributes());
            case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED ->
                activeHop = event.getStartChildWorkflowExecutionInitiatedEventAttributes()
                        .getWorkflowId();
            case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED -> {
                hops.add(decode(
                        event.getChildWorkflowExecutionCompletedEventAttributes()
                                .getResult(),
                        HopState.class));
                activeHop = null;
            }
            default -> {}
        }
    }

    private void begin(RunInput started) {
        input = started;
        RunState carried = started.carried();
        if (carried != null) {
            hops.addAll(carried.hops());
            waiting = new Waiting(carried.waiting());
            progress = carried.progress();
        }
    }

    private void hear(WorkflowExecutionSignaledEventAttributes signal) {
        if (signal.getSignalName().equals("notice")) {
            waiting.hear(decode(signal.getInput(), Notice.class));
        } else if (signal.getSignalName().equals("progress")) {
            progress = decode(signal.getInput(), Progress.class);
        }
    }

    private RunState state(WorkflowExecutionDescription described, String ended) {
        if (input == null) {
            throw new IllegalStateException("the history of " + described.getExecution() + " has no beginning");
        }
        String first = described.getFirstRunId();
        String temporalRunId = first.isEmpty() ? described.getExecution().getRunId() : first;
        Instant startedAt = input.carried() == null
                ? described.getStartTime()
                : input.carried().startedAt();
        return new RunState(
                Belay.runId(temporalRunId),
                RunStatus.ABORTED,
                input.plan(),
                input.author(),
                input.reason(),
                input.ticket(),
                startedAt,
                false,
                false,
                null,
                waiting.all(),
                hops,
                activeHop,
                progress,
                input.carried() == null ? List.of() : input.carried().commands(),
                ended);
    }

    private <T> T decode(Payloads payloads, Class<T> type) {
        return converter.fromPayloads(0, Optional.of(payloads), type, type);
    }
}
