package dev.belay.worker;

import dev.belay.model.expression.Expressions;
import dev.belay.workflows.Belay;
import io.temporal.activity.DynamicActivity;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The process that does the work: workflows of the queue {@code belay}, and the steps of one site. It may die at any moment; remote jobs go
 * on, and the next worker finds them.
 */
public final class BelayWorker implements AutoCloseable {

    private static final int STEPS_AT_ONCE = 64;
    private static final long DEADLOCK_MS = 10_000;
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration SHORT_STEPS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final TemporalConnection connection;
    private final WorkerFactory factory;
    private final String site;

    private BelayWorker(TemporalConnection connection, WorkerFactory factory, String site) {
        this.connection = connection;
        this.factory = factory;
        this.site = site;
    }

    /** Registers and begins to poll. */
    public static BelayWorker start(TemporalConnection connection, String site, DynamicActivity steps) {
        Expressions.warm();
        WorkerFactory factory = WorkerFactory.newInstance(connection.client());
        Belay.register(factory.newWorker(Belay.TASK_QUEUE, options()));
        Worker worker = site.equals(Belay.TASK_QUEUE)
                ? factory.getWorker(Belay.TASK_QUEUE)
                : factory.newWorker(site, options());
        worker.registerActivitiesImplementations(steps);
        factory.start();
        return new BelayWorker(connection, factory, site);
    }

    private static WorkerOptions options() {
        return WorkerOptions.newBuilder()
                .setDisableEagerExecution(true)
                .setAllowActivityHeartbeatDuringShutdown(true)
                .setMaxConcurrentActivityExecutionSize(STEPS_AT_ONCE)
                .setDefaultHeartbeatThrottleInterval(BEAT)
                .setMaxHeartbeatThrottleInterval(BEAT)
                .setDefaultDeadlockDetectionTimeout(DEADLOCK_MS)
                .build();
    }

    /** Says in one line whether it works, and on what; asks the server. */
    public String health() {
        String queues = "task queues " + Belay.TASK_QUEUE + " and " + site;
        if (factory.isShutdown()) {
            return "stopping";
        }
        return connection.answers()
                ? "polling on " + queues + " of " + connection.target() + ", namespace " + connection.namespace()
                : "the Temporal server at " + connection.target() + " does not answer; " + queues
                        + " are polled again when it does";
    }

    /**
     * Stops in good order: takes no new work, lets short steps end, then lets go of long ones. Their remote jobs go on, and the next worker
     * follows them.
     */
    @Override
    public void close() {
        factory.shutdown();
        factory.awaitTermination(SHORT_STEPS.toMillis(), TimeUnit.MILLISECONDS);
        if (!factory.isTerminated()) {
            factory.shutdownNow();
            factory.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Falls over as a killed process does: no answer of it reaches the server any more. Its connection is of no use afterwards. */
    public void kill() {
        connection.stubs().shutdownNow();
        factory.shutdownNow();
    }
}
