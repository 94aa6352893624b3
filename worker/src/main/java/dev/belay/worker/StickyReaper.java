package dev.belay.worker;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.QueryResultType;
import io.temporal.api.enums.v1.TaskQueueKind;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueRequest;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse;
import io.temporal.api.workflowservice.v1.QueryWorkflowRequest;
import io.temporal.api.workflowservice.v1.QueryWorkflowResponse;
import io.temporal.api.workflowservice.v1.RespondQueryTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondQueryTaskCompletedResponse;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedResponse;
import io.temporal.internal.testservice.TestWorkflowService;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes over the sticky queues of lost workers. The test server knows no schedule-to-start limit on them, so the next task of a workflow
 * whose worker is gone would wait for ever. A sticky queue that nobody polled for a while is polled here: its workflow tasks are given
 * back, so that they go to the common queue and any worker replays them; its queries are asked again.
 */
final class StickyReaper implements AutoCloseable {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private final TestWorkflowService service;
    private final Duration lost;
    private final Map<String, Queue> queues = new HashMap<>();
    private final ScheduledExecutorService watch = Executors.newScheduledThreadPool(2, StickyReaper::daemon);
    private final Future<?> watching;

    StickyReaper(TestWorkflowService service, Duration lost) {
        this.service = service;
        this.lost = lost;
        long tick = Math.max(20, lost.toMillis() / 6);
        watching = watch.scheduleWithFixedDelay(this::takeOver, tick, tick, TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "belay-sticky-reaper");
        thread.setDaemon(true);
        return thread;
    }

    /** Passes a worker's poll on, and counts it while it waits: the test server answers before this returns. */
    void poll(PollWorkflowTaskQueueRequest request, StreamObserver<PollWorkflowTaskQueueResponse> observer) {
        if (request.getTaskQueue().getKind() != TaskQueueKind.TASK_QUEUE_KIND_STICKY) {
            service.pollWorkflowTaskQueue(request, observer);
            return;
        }
        entered(request);
        try {
            service.pollWorkflowTaskQueue(request, observer);
        } finally {
            left(request);
        }
    }

    private synchronized void entered(PollWorkflowTaskQueueRequest request) {
        Queue queue = queues.computeIfAbsent(request.getTaskQueue().getName(), name -> new Queue(request));
        queue.pollers++;
        if (queue.takenOver != null) {
            queue.takenOver.cancel(null);
            queue.takenOver = null;
        }
    }

    private synchronized void left(PollWorkflowTaskQueueRequest request) {
        Queue queue = queues.get(request.getTaskQueue().getName());
        if (queue != null) {
            queue.pollers--;
            queue.idleSince = System.nanoTime();
        }
    }

    private synchronized void takeOver() {
        for (Queue queue : queues.values()) {
            if (queue.pollers == 0
                    && queue.takenOver == null
                    && System.nanoTime() - queue.idleSince >= lost.toNanos()) {
                Context.CancellableContext context = Context.ROOT.withCancellation();
                queue.takenOver = context;
                daemon(() -> context.run(() -> serve(queue.ownPoll(), context))).start();
            }
        }
    }

    private void serve(PollWorkflowTaskQueueRequest poll, Context context) {
        while (!context.isCancelled()) {
            Answer<PollWorkflowTaskQueueResponse> answer = new Answer<>();
            service.pollWorkflowTaskQueue(poll, answer);
            PollWorkflowTaskQueueResponse task = answer.value();
            if (task.hasQuery()) {
                watch.execute(() -> askAgain(poll.getNamespace(), task));
            } else if (!task.getTaskToken().isEmpty()) {
                giveBack(poll.getNamespace(), task.getTaskToken()).value();
            }
        }
    }

    private Answer<RespondWorkflowTaskFailedResponse> giveBack(String namespace, ByteString token) {
        Answer<RespondWorkflowTaskFailedResponse> answer = new Answer<>();
        service.respondWorkflowTaskFailed(
                RespondWorkflowTaskFailedRequest.newBuilder()
                        .setNamespace(namespace)
                        .setTaskToken(token)
                        .setCause(WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE)
                        .setIdentity("belay-sticky-reaper")
                        .build(),
                answer);
        return answer;
    }

    private void askAgain(String namespace, PollWorkflowTaskQueueResponse task) {
        forgetWorkerOf(namespace, task.getWorkflowExecution());
        RespondQueryTaskCompletedRequest.Builder reply = RespondQueryTaskCompletedRequest.newBuilder()
                .setNamespace(namespace)
                .setTaskToken(task.getTaskToken());
        try {
            QueryWorkflowResponse answered = ask(namespace, task);
            reply.setCompletedType(QueryResultType.QUERY_RESULT_TYPE_ANSWERED)
                    .setQueryResult(answered.getQueryResult());
        } catch (RuntimeException e) {
            reply.setCompletedType(QueryResultType.QUERY_RESULT_TYPE_FAILED)
                    .setErrorMessage("the worker that held this workflow is gone, and no other answered: " + e);
        }
        service.respondQueryTaskCompleted(reply.build(), new Answer<RespondQueryTaskCompletedResponse>());
    }

    private QueryWorkflowResponse ask(String namespace, PollWorkflowTaskQueueResponse task) {
        QueryWorkflowRequest query = QueryWorkflowRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(task.getWorkflowExecution())
                .setQuery(task.getQuery())
                .build();
        Answer<QueryWorkflowResponse> answer = new Answer<>();
        Context.current()
                .withDeadline(Deadline.after(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS), watch)
                .run(() -> service.queryWorkflow(query, answer));
        return answer.value();
    }

    /**
     * The test server forgets where a workflow is cached when any workflow task of it is failed, even one that does not exist: then it
     * answers with an error that is of no interest here.
     */
    private void forgetWorkerOf(String namespace, WorkflowExecution execution) {
        giveBack(namespace, tokenOf(namespace, execution));
    }

    private static ByteString tokenOf(String namespace, WorkflowExecution execution) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(namespace);
            out.writeUTF(execution.getWorkflowId());
            out.writeUTF(execution.getRunId());
            out.writeInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }

    @Override
    public synchronized void close() {
        watching.cancel(true);
        watch.shutdownNow();
        for (Queue queue : queues.values()) {
            if (queue.takenOver != null) {
                queue.takenOver.cancel(null);
            }
        }
    }

    /** One worker's own queue. */
    private static final class Queue {

        private final PollWorkflowTaskQueueRequest request;
        private int pollers;
        private long idleSince = System.nanoTime();
        private Context.@Nullable CancellableContext takenOver;

        Queue(PollWorkflowTaskQueueRequest request) {
            this.request = request;
        }

        PollWorkflowTaskQueueRequest ownPoll() {
            return PollWorkflowTaskQueueRequest.newBuilder()
                    .setNamespace(request.getNamespace())
                    .setTaskQueue(TaskQueue.newBuilder()
                            .setName(request.getTaskQueue().getName()))
                    .setIdentity("belay-sticky-reaper")
                    .build();
        }
    }
}
