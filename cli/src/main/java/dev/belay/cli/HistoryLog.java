package dev.belay.cli;

import dev.belay.cli.text.LogEvent;
import dev.belay.cli.text.LogEvent.Kind;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.runbook.StepSignature;
import dev.belay.workflows.Notice;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import dev.belay.workflows.Waiting;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.api.update.v1.Outcome;
import io.temporal.common.converter.DataConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One workflow's history, told event by event: the run's own, a hop's or a node's. */
final class HistoryLog {

    private static final String RUN = "belay.run";

    private final WorkflowExecution execution;
    private final DataConverter converter;
    private final List<WorkflowExecution> others = new ArrayList<>();
    private final Map<String, Command> asked = new HashMap<>();
    private final Waiting waiting = new Waiting(List.of());
    private final StepLog steps;
    private @Nullable Plan plan;
    private boolean isRun;
    private boolean read;
    private boolean closed;
    private long last;

    HistoryLog(WorkflowExecution execution, DataConverter converter, Map<String, StepSignature> signatures) {
        this.execution = execution;
        this.converter = converter;
        this.steps = new StepLog(converter, signatures);
    }

    String workflowId() {
        return execution.getWorkflowId();
    }

    @Nullable
    String temporalRunId() {
        return execution.getRunId().isEmpty() ? null : execution.getRunId();
    }

    /** Of a run; null for a hop or node, and before the first look. */
    @Nullable
    Plan plan() {
        return plan;
    }

    /** Levels below, and what the run was before it continued as new. */
    List<WorkflowExecution> others() {
        return List.copyOf(others);
    }

    boolean isRead() {
        return read;
    }

    boolean isClosed() {
        return closed;
    }

    void lookedAt() {
        read = true;
    }

    void close() {
        closed = true;
    }

    /** What an event says, if it was not heard before. */
    List<LogEvent> hear(HistoryEvent event) {
        if (event.getEventId() <= last) {
            return List.of();
        }
        last = event.getEventId();
        Instant at = at(event);
        return switch (event.getEventType()) {
            case EVENT_TYPE_WORKFLOW_EXECUTION_STARTED -> begin(at, event.getWorkflowExecutionStartedEventAttributes());
            case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED -> {
                others.add(
                        event.getChildWorkflowExecutionStartedEventAttributes().getWorkflowExecution());
                yield List.of();
            }
            case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED -> isRun ? said(event, at) : List.of();
            case EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED ->
                ofRun(at, Kind.STOPPING, "somebody asked Temporal to cancel the run: running steps finish");
            case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
                    EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
                    EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED -> end(event, at);
            default -> steps.hear(event, at);
        };
    }

    private List<LogEvent> begin(Instant at, WorkflowExecutionStartedEventAttributes started) {
        isRun = started.getWorkflowType().getName().equals(RUN);
        if (!isRun) {
            return List.of();
        }
        RunInput input = decode(started.getInput(), RunInput.class);
        plan = input.plan();
        if (!started.getContinuedExecutionRunId().isEmpty()) {
            others.add(execution.toBuilder()
                    .setRunId(started.getContinuedExecutionRunId())
                    .build());
            return List.of();
        }
        String reason = input.reason().isBlank() ? "" : ": \"" + input.reason() + "\"";
        String ticket = input.ticket() == null ? "" : " [" + input.ticket() + "]";
        String what = plan.cluster().name() + " " + Hop.words(plan.from(), plan.to(), " → ") + ", " + plan.digest();
        return ofRun(at, Kind.STARTED, what + ", by " + input.author() + ticket + reason);
    }

    private List<LogEvent> said(HistoryEvent event, Instant at) {
        switch (event.getEventType()) {
            case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED -> {
                var signal = event.getWorkflowExecutionSignaledEventAttributes();
                if (signal.getSignalName().equals("notice")) {
                    waiting.hear(decode(signal.getInput(), Notice.class));
                }
            }
            case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED -> {
                var accepted = event.getWorkflowExecutionUpdateAcceptedEventAttributes();
                Payloads said = accepted.getAcceptedRequest().getInput().getArgs();
                asked.put(
                        accepted.getAcceptedRequest().getMeta().getUpdateId(), withPlace(decode(said, Command.class)));
            }
            default -> {
                var completed = event.getWorkflowExecutionUpdateCompletedEventAttributes();
                Command command = asked.remove(completed.getMeta().getUpdateId());
                return command == null
                        ? List.of()
                        : List.of(LogEvent.ofCommand(at, command, reply(completed.getOutcome())));
            }
        }
        return List.of();
    }

    /** A person may leave out which step is meant when only one stands. */
    private Command withPlace(Command command) {
        boolean stands = command.kind() == CommandKind.RETRY || command.kind() == CommandKind.SKIP;
        boolean asks = command.kind() == CommandKind.APPROVE || command.kind() == CommandKind.REJECT;
        List<Notice> meant = waiting.all().stream()
                .filter(notice -> (stands && notice.kind() == Notice.Kind.PARKED)
                        || (asks && notice.kind() == Notice.Kind.AWAITING_APPROVAL))
                .filter(notice -> command.step() == null || command.step().equals(notice.step()))
                .filter(notice -> command.node() == null || command.node().equals(notice.node()))
                .toList();
        return meant.size() == 1 ? command.at(meant.get(0).step(), meant.get(0).node()) : command;
    }

    private Reply reply(Outcome outcome) {
        return outcome.hasSuccess()
                ? decode(outcome.getSuccess(), Reply.class)
                : new Reply(false, outcome.getFailure().getMessage());
    }

    private List<LogEvent> end(HistoryEvent event, Instant at) {
        closed = true;
        return switch (event.getEventType()) {
            case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED -> ofRun(at, Kind.ENDED, isRun ? ended(event) : "");
            case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED -> {
                var terminated = event.getWorkflowExecutionTerminatedEventAttributes();
                yield ofRun(
                        at,
                        Kind.ENDED,
                        "ABORTED: terminated in Temporal by " + terminated.getIdentity() + ": " + terminated.getReason()
                                + "; nothing was undone");
            }
            case EVENT_TYPE_WORKFLOW_EXECUTION_FAILED ->
                ofRun(
                        at,
                        Kind.ENDED,
                        "ABORTED: refused by the engine: "
                                + event.getWorkflowExecutionFailedEventAttributes()
                                        .getFailure()
                                        .getMessage());
            case EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT ->
                ofRun(at, Kind.ENDED, "ABORTED: timed out in Temporal; nothing was undone");
            case EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW -> {
                others.add(execution.toBuilder()
                        .setRunId(event.getWorkflowExecutionContinuedAsNewEventAttributes()
                                .getNewExecutionRunId())
                        .build());
                yield List.of();
            }
            default -> ofRun(at, Kind.ENDED, "ABORTED: cancelled in Temporal");
        };
    }

    private String ended(HistoryEvent event) {
        RunState state =
                decode(event.getWorkflowExecutionCompletedEventAttributes().getResult(), RunState.class);
        return state.status() + ": " + state.ended();
    }

    private List<LogEvent> ofRun(Instant at, Kind kind, String why) {
        return isRun ? List.of(LogEvent.ofRun(at, kind, why)) : List.of();
    }

    private <T> T decode(Payloads payloads, Class<T> type) {
        return converter.fromPayloads(0, Optional.of(payloads), type, type);
    }

    private static Instant at(HistoryEvent event) {
        return Instant.ofEpochSecond(
                event.getEventTime().getSeconds(), event.getEventTime().getNanos());
    }
}
