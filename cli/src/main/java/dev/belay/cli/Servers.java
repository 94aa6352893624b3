package dev.belay.cli;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.RunStatus;
import dev.belay.worker.RehearsalFiles;
import dev.belay.worker.ServerProblem;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.SearchAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.common.SearchAttributeKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The servers that may hold a run: rehearsals under way on this machine, and the Temporal server that is configured. A server that is named
 * on purpose is the only one that is asked.
 */
final class Servers implements AutoCloseable {

    private final List<TemporalConnection> connections = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private @Nullable ServerProblem unreachable;

    private Servers() {}

    /** A run and the line it makes in a list. */
    record Found(RunHandle handle, ListedRun line) {}

    static Servers ask(Terminal terminal, ServerChoice choice) {
        Servers servers = new Servers();
        if (!choice.isNamed(terminal)) {
            new RehearsalFiles(terminal.environment()).alive().forEach(servers::rehearsal);
        }
        try {
            TemporalConnection server = servers.keep(choice.open(terminal));
            server.requireNamespace();
            servers.collect(server, false);
        } catch (ServerProblem e) {
            if (servers.found.isEmpty()) {
                servers.close();
                throw e;
            }
            servers.unreachable = e;
        }
        servers.found.sort(
                Comparator.comparing((Found one) -> one.handle().startedAt()).reversed());
        return servers;
    }

    /** Newest first. */
    List<Found> runs() {
        return List.copyOf(found);
    }

    /** Why the configured server was left out; empty when it answered. */
    Optional<String> left() {
        return Optional.ofNullable(unreachable).map(Throwable::getMessage);
    }

    /** The run of a reference: eight hex digits (or the first of them, when they are enough), or {@code @latest}. */
    RunHandle find(String reference) {
        if (reference.equals("@latest")) {
            return found.stream()
                    .findFirst()
                    .map(Found::handle)
                    .orElseThrow(() -> Stop.error("there is no run yet; `belay rehearse` or `belay run` starts one"));
        }
        if (!reference.matches("[0-9a-f]{4,8}")) {
            throw Stop.error("\"" + reference + "\" is not a run: it should be eight hex digits, or @latest");
        }
        List<RunHandle> matching = found.stream()
                .map(Found::handle)
                .filter(handle -> handle.run().startsWith(reference))
                .toList();
        if (matching.size() > 1) {
            throw Stop.error("\"" + reference + "\" fits several runs: "
                    + String.join(" ", matching.stream().map(RunHandle::run).toList()));
        }
        if (matching.isEmpty()) {
            throw Stop.error("there is no run " + reference + "; `belay list` shows those there are"
                    + left().map(why -> " (" + why + ")").orElse(""));
        }
        return matching.get(0);
    }

    private void rehearsal(RehearsalFiles.Entry entry) {
        try {
            collect(keep(TemporalConnection.rehearsal(entry.target())), true);
        } catch (ServerProblem | StatusRuntimeException e) {
            unreachable = new ServerProblem("rehearsal " + entry.run() + " does not answer", e);
        }
    }

    private TemporalConnection keep(TemporalConnection connection) {
        connections.add(connection);
        return connection;
    }

    /** A run that continued as new is several executions: the last one speaks for it, and it began with the first. */
    private void collect(TemporalConnection server, boolean rehearsal) {
        List<WorkflowExecutionMetadata> all =
                server.client().listExecutions(Belay.RUNS).toList();
        Map<String, Instant> begun = new HashMap<>();
        all.forEach(one -> begun.merge(firstId(one), one.getStartTime(), Servers::earlier));
        all.stream()
                .filter(one -> one.getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW)
                .map(one -> found(server, one, begun.getOrDefault(firstId(one), one.getStartTime()), rehearsal))
                .forEach(found::add);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static String firstId(WorkflowExecutionMetadata execution) {
        String first = execution.getWorkflowExecutionInfo().getFirstRunId();
        return first.isEmpty() ? execution.getExecution().getRunId() : first;
    }

    private static Found found(
            TemporalConnection server, WorkflowExecutionMetadata execution, Instant begun, boolean rehearsal) {
        RunHandle handle = new RunHandle(
                server,
                Belay.runId(firstId(execution)),
                execution.getExecution().getWorkflowId(),
                execution.getExecution().getRunId(),
                begun,
                rehearsal);
        ListedRun line = new ListedRun(
                handle.run(),
                status(execution),
                attribute(execution, SearchAttributes.CLUSTER, "?"),
                KubernetesVersion.parse(attribute(execution, SearchAttributes.FROM, "v0.0.0")),
                KubernetesVersion.parse(attribute(execution, SearchAttributes.TO, "v0.0.0")),
                handle.startedAt());
        return new Found(handle, line);
    }

    /** What the run said of itself last, unless Temporal ended it without its knowledge. */
    private static RunStatus status(WorkflowExecutionMetadata execution) {
        RunStatus said = RunStatus.valueOf(attribute(execution, SearchAttributes.STATE, "RUNNING"));
        WorkflowExecutionStatus known = execution.getStatus();
        boolean open = known == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
        return open || said.isClosed() ? said : RunStatus.ABORTED;
    }

    private static String attribute(
            WorkflowExecutionMetadata execution, SearchAttributeKey<String> key, String otherwise) {
        String value = execution.getTypedSearchAttributes().get(key);
        return value == null ? otherwise : value;
    }

    @Override
    public void close() {
        connections.forEach(TemporalConnection::close);
    }
}
