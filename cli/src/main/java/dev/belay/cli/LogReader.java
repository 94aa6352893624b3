package dev.belay.cli;

import dev.belay.cli.text.LogEvent;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.StepSignature;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the histories of a run and of all its hops and nodes; every look gives what is new since the last one. Needs no worker. */
final class LogReader {

    private final WorkflowClient client;
    private final Map<WorkflowExecution, HistoryLog> logs = new LinkedHashMap<>();
    private final List<LogEvent> heard = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private Map<String, StepSignature> signatures = Map.of();
    private final HistoryLog root;

    LogReader(RunHandle run) {
        this.client = run.connection().client();
        WorkflowExecution.Builder execution = WorkflowExecution.newBuilder().setWorkflowId(run.workflowId());
        if (run.temporalRunId() != null) {
            execution.setRunId(run.temporalRunId());
        }
        this.root = log(execution.build());
    }

    /** What happened since the last look, in order. What was read before a look failed is given by the one after it. */
    List<LogEvent> next() {
        for (List<HistoryLog> open = open(); !open.isEmpty(); open = unread()) {
            open.forEach(this::read);
        }
        return heard();
    }

    /** What was read and not yet given. */
    List<LogEvent> heard() {
        List<LogEvent> events = new ArrayList<>(heard);
        heard.clear();
        events.sort(Comparator.comparing(LogEvent::at));
        return events;
    }

    boolean isOver() {
        return logs.values().stream().allMatch(HistoryLog::isClosed);
    }

    /** The plan of the run; known after the first look. */
    Plan plan() {
        return Objects.requireNonNull(root.plan());
    }

    /** Workflows whose histories the server has deleted. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    private List<HistoryLog> open() {
        return logs.values().stream().filter(log -> !log.isClosed()).toList();
    }

    private List<HistoryLog> unread() {
        return logs.values().stream().filter(log -> !log.isRead()).toList();
    }

    private HistoryLog log(WorkflowExecution execution) {
        return logs.computeIfAbsent(
                execution, any -> new HistoryLog(execution, client.getOptions().getDataConverter(), signatures));
    }

    private void read(HistoryLog log) {
        try {
            client.streamHistory(log.workflowId(), log.temporalRunId()).forEach(event -> heard.addAll(log.hear(event)));
        } catch (StatusRuntimeException e) {
            if (log == root || e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
            gone(log);
        } catch (WorkflowNotFoundException e) {
            if (log == root) {
                throw e;
            }
            gone(log);
        }
        log.lookedAt();
        if (log.plan() != null) {
            signatures = log.plan().signatures();
        }
        log.others().forEach(this::log);
    }

    private void gone(HistoryLog log) {
        missing.add(log.workflowId());
        log.close();
    }
}
