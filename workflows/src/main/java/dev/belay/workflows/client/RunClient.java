package dev.belay.workflows.client;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.CanonicalJson;
import dev.belay.model.run.Command;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.workflows.Belay;
import dev.belay.workflows.HopState;
import dev.belay.workflows.HopWorkflow;
import dev.belay.workflows.NodeState;
import dev.belay.workflows.NodeWorkflow;
import dev.belay.workflows.PlanCheck;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import dev.belay.workflows.RunWorkflow;
import dev.belay.workflows.SearchAttributes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.client.WorkflowUpdateTimeoutOrCancelledException;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts runs, looks at them and sends them commands. */
public final class RunClient {

    private static final int DIGEST_AT = "sha256:".length();

    private RunClient() {}

    /**
     * Starts the one run of a cluster.
     *
     * @return the run id that people type
     * @throws AnotherRun when the cluster has an open run
     * @throws IllegalArgumentException when the plan cannot be run
     */
    public static String start(WorkflowClient client, RunInput input) {
        PlanCheck.check(input.plan());
        String cluster = input.plan().cluster().name();
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setWorkflowId(Belay.workflowId(cluster))
                .setTaskQueue(Belay.TASK_QUEUE)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setTypedSearchAttributes(SearchAttributes.ofRun(input.plan(), input.author(), input.ticket()))
                .setStaticSummary(cluster + " "
                        + Hop.words(input.plan().from(), input.plan().to(), " to "))
                .build();
        RunWorkflow run = client.newWorkflowStub(RunWorkflow.class, options);
        try {
            return Belay.runId(WorkflowClient.start(run::run, input).getRunId());
        } catch (WorkflowExecutionAlreadyStarted e) {
            throw another(client, cluster);
        }
    }

    /** The open run of a cluster, as it would be refused; empty when there is none. */
    public static Optional<AnotherRun> openRun(WorkflowClient client, String cluster) {
        try {
            WorkflowExecutionDescription known =
                    client.newUntypedWorkflowStub(Belay.workflowId(cluster)).describe();
            boolean open = known.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
            return open ? Optional.of(another(client, cluster)) : Optional.empty();
        } catch (WorkflowNotFoundException none) {
            return Optional.empty();
        }
    }

    private static AnotherRun another(WorkflowClient client, String cluster) {
        WorkflowExecutionDescription known =
                client.newUntypedWorkflowStub(Belay.workflowId(cluster)).describe();
        String author = known.getTypedSearchAttributes().get(SearchAttributes.OPERATOR);
        String first = known.getFirstRunId();
        String runId = first.isEmpty() ? known.getExecution().getRunId() : first;
        return new AnotherRun(cluster, Belay.runId(runId), author == null ? "somebody" : author, known.getStartTime());
    }

    /** The run with the levels below it that are under way. Works on closed runs as long as the server keeps them. */
    public static RunView view(WorkflowClient client, String workflowId, @Nullable String temporalRunId) {
        return report(client, workflowId, temporalRunId).view();
    }

    /** The same, with what the run knows besides, asked for once. A run that is completed is read without a worker. */
    public static RunReport report(WorkflowClient client, String workflowId, @Nullable String temporalRunId) {
        WorkflowStub stub = stub(client, workflowId, temporalRunId);
        WorkflowExecutionDescription described = answer(workflowId, stub::describe);
        RunState state = answer(workflowId, () -> state(client, stub, described));
        List<HopState> hops = new ArrayList<>(state.hops());
        List<NodeState> nodes = new ArrayList<>();
        if (state.activeHop() != null) {
            look(client, state.activeHop(), HopWorkflow.class, HopWorkflow::state)
                    .ifPresent(hop -> {
                        hops.add(hop);
                        hop.activeNodes().forEach(node -> look(client, node, NodeWorkflow.class, NodeWorkflow::state)
                                .ifPresent(nodes::add));
                    });
        }
        String etcdBackBy = etcdBackBy(client, state, hops, described);
        return new RunPicture(state, hops, nodes, ending(described), etcdBackBy).report();
    }

    /** The run that has taken etcd back to the minor before the last hop, by what that hop kept; null when there is none. */
    private static @Nullable String etcdBackBy(
            WorkflowClient client, RunState state, List<HopState> hops, WorkflowExecutionDescription described) {
        String set = Ladder.backupSet(Ladder.snapshot(hops));
        boolean climbs = !state.status().isClosed() && !state.aborting();
        if (climbs || set.isEmpty() || hops.stream().noneMatch(hop -> hop.hop().raisesEtcdMinor())) {
            return null;
        }
        try (Stream<WorkflowExecutionMetadata> runs = client.listExecutions(Belay.RUNS)) {
            return runs.filter(run -> run.getExecution()
                            .getWorkflowId()
                            .equals(described.getExecution().getWorkflowId()))
                    .filter(run -> run.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED)
                    .map(run -> stub(
                                    client,
                                    run.getExecution().getWorkflowId(),
                                    run.getExecution().getRunId())
                            .getResult(RunState.class))
                    .filter(later -> tookEtcdBack(later, set))
                    .map(RunState::run)
                    .findFirst()
                    .orElse(null);
        }
    }

    private static boolean tookEtcdBack(RunState later, String set) {
        return later.status() == RunStatus.ROLLED_BACK
                && later.way() == null
                && later.plan().runbook().uses().contains("etcd.verifyDowngraded")
                && set.equals(later.plan().inputs().get("set"));
    }

    /** The run alone, with its commands and their answers. */
    public static RunState state(WorkflowClient client, String workflowId, @Nullable String temporalRunId) {
        WorkflowStub stub = stub(client, workflowId, temporalRunId);
        return answer(workflowId, () -> state(client, stub, stub.describe()));
    }

    private static RunState state(WorkflowClient client, WorkflowStub stub, WorkflowExecutionDescription described) {
        String lost = lost(described);
        if (lost != null) {
            return LostRun.read(client, described, lost);
        }
        boolean completed = described.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
        return completed ? stub.getResult(RunState.class) : stub.query("state", RunState.class);
    }

    /**
     * Sends a command and gives its answer. The same command again gets the same answer.
     *
     * @return refused, too, when the run is closed, or the command malformed: these two are not on record
     */
    public static Reply command(
            WorkflowClient client, String workflowId, @Nullable String temporalRunId, Command command) {
        WorkflowStub stub = stub(client, workflowId, temporalRunId);
        UpdateOptions<Reply> options = UpdateOptions.newBuilder(Reply.class)
                .setUpdateName("command")
                .setUpdateId(updateId(command))
                .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                .build();
        try {
            return answer(workflowId, () -> stub.startUpdate(options, command).getResult());
        } catch (WorkflowUpdateException e) {
            return new Reply(false, e.getCause() instanceof ApplicationFailure f ? f.getOriginalMessage() : words(e));
        } catch (NoAnswer e) {
            if (e.getCause() instanceof WorkflowNotFoundException) {
                return new Reply(false, "this run is over: it takes no more commands");
            }
            throw e;
        }
    }

    private static WorkflowStub stub(WorkflowClient client, String workflowId, @Nullable String temporalRunId) {
        WorkflowTargetOptions.Builder target =
                WorkflowTargetOptions.newBuilder().setWorkflowId(workflowId);
        return client.newUntypedWorkflowStub((temporalRunId == null ? target : target.setRunId(temporalRunId)).build());
    }

    /** The server answers an update id it knows without asking the run, so one id with other content must be another update. */
    private static String updateId(Command command) {
        String digest = CanonicalJson.digest(command).substring(DIGEST_AT, DIGEST_AT + 8);
        return command.commandId() + "-" + digest;
    }

    private static <W, S> Optional<S> look(WorkflowClient client, String id, Class<W> type, Function<W, S> query) {
        try {
            return Optional.of(query.apply(client.newWorkflowStub(type, id)));
        } catch (WorkflowNotFoundException | WorkflowQueryException notStartedYetOrTerminated) {
            return Optional.empty();
        }
    }

    private static <T> T answer(String workflowId, Supplier<T> question) {
        try {
            return question.get();
        } catch (WorkflowNotFoundException e) {
            throw new NoAnswer("no open run " + workflowId + " on this Temporal server", e);
        } catch (WorkflowUpdateTimeoutOrCancelledException e) {
            throw silent(workflowId, e);
        } catch (WorkflowServiceException e) {
            throw isLate(e) ? silent(workflowId, e) : e;
        }
    }

    private static NoAnswer silent(String workflowId, WorkflowException e) {
        return new NoAnswer(
                "no worker answered for " + workflowId + ": is one running on task queue " + Belay.TASK_QUEUE + "?", e);
    }

    private static boolean isLate(WorkflowServiceException e) {
        return e.getCause() instanceof StatusRuntimeException grpc
                && grpc.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    }

    private static String words(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static RunPicture.@Nullable Ending ending(WorkflowExecutionDescription described) {
        String how = lost(described);
        return how == null ? null : new RunPicture.Ending(how, described.getCloseTime());
    }

    /** How Temporal ended a run that could not say so itself; null when it could, or is open. */
    private static @Nullable String lost(WorkflowExecutionDescription described) {
        WorkflowExecutionStatus status = described.getStatus();
        return switch (status) {
            case WORKFLOW_EXECUTION_STATUS_TERMINATED -> "the run was terminated in Temporal";
            case WORKFLOW_EXECUTION_STATUS_FAILED -> "the run was refused by the engine";
            case WORKFLOW_EXECUTION_STATUS_TIMED_OUT -> "the run was timed out in Temporal";
            default -> null;
        };
    }
}
