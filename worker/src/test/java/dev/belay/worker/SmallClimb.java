package dev.belay.worker;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Ports;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepNotice;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.run.RunView;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.twin.ClusterShape;
import dev.belay.twin.EffectListener;
import dev.belay.twin.SimulatedCluster;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The shipped runbook on one control plane and one worker of the twin, over an embedded server of its own; at one crash point its worker is
 * lost, and another takes over.
 */
final class SmallClimb implements AutoCloseable {

    private static final KubernetesVersion FROM = KubernetesVersion.parse("v1.33.13");
    private static final String TO = "v1.34.4";
    private static final Path RUNBOOK = Path.of("../runbooks/kubeadm-minor.yaml");
    private static final Duration AWAY = Duration.ofSeconds(15);
    private static final long PATIENCE_SECONDS = 180;

    private final EmbeddedServer server = EmbeddedServer.start(Duration.ofMillis(300));
    private final TemporalConnection person = TemporalConnection.embedded(server.target());
    private final SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.small(FROM));
    private final RehearsedPeople approvers = new RehearsedPeople(person.client(), said -> {});
    private final ExecutorService aside = Executors.newCachedThreadPool(SmallClimb::daemon);
    private final CompletableFuture<RunView> ended = new CompletableFuture<>();
    private final WorkerStart start;
    private final AtomicInteger workers = new AtomicInteger();
    private volatile Runnable kill = () -> {};

    /** Starts a worker for a climb; what is returned kills it. */
    interface WorkerStart {
        Runnable on(SmallClimb climb);
    }

    private SmallClimb(WorkerStart start) {
        this.start = start;
    }

    /** Climbs with nothing going wrong, or with the worker lost at one point. */
    static End climb(WorkerStart start, CrashPoint point) throws Exception {
        try (SmallClimb climb = new SmallClimb(start)) {
            return climb.run(point);
        }
    }

    SimulatedCluster cluster() {
        return cluster;
    }

    String server() {
        return server.target();
    }

    private End run(CrashPoint point) throws Exception {
        Setup.embedded(person);
        Plan plan = plan();
        cluster.listen(new Lurking(point));
        startWorker();
        server.skipTime();
        String run = RunClient.start(
                person.client(), RunInput.of(plan, cluster.inventory().site(), "crash-test", "lose a worker", null));
        aside.execute(this::awaitEnd);
        RunView view = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return End.of(view, run, workers.get(), cluster);
    }

    private void startWorker() {
        kill = start.on(this);
        workers.incrementAndGet();
    }

    private void awaitEnd() {
        String workflow = Belay.workflowId(cluster.inventory().name());
        try {
            person.client().newUntypedWorkflowStub(workflow).getResult(RunState.class);
            ended.complete(RunClient.view(person.client(), workflow, null));
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    /** What a worker is told when a run begins or ceases to wait for a person. */
    void hear(StepNotice notice) {
        if (notice.event().equals("PARKED")) {
            ended.completeExceptionally(
                    new AssertionError("parked at " + notice.step() + " " + notice.node() + ": " + notice.why()));
        }
        if (approvers.hear(notice)) {
            server.holdTime();
        } else {
            server.skipTime();
        }
        if (notice.event().equals("AWAITING_APPROVAL")) {
            aside.execute(() -> answer(notice));
        }
    }

    private void answer(StepNotice notice) {
        try {
            approvers.answer(notice);
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    /** Both clocks go on before another worker comes: the server gives the lost one up, and what it began on the nodes runs on. */
    private void replaceWorker() {
        try {
            cluster.advanceTo(cluster.now().plus(AWAY));
            server.pass(AWAY);
            startWorker();
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private Plan plan() throws IOException {
        StepCatalogue catalogue = StepCatalogue.shipped();
        Runbook runbook = RunbookReader.read("kubeadm-minor.yaml", Files.readAllBytes(RUNBOOK), catalogue.signatures());
        try (Ports ports = cluster.connect().ports()) {
            return Planner.plan(PlanRequest.of(
                            runbook, cluster.inventory(), ClusterInspection.read(ports), TO, catalogue.signatures()))
                    .clear();
        }
    }

    @Override
    public void close() {
        kill.run();
        aside.shutdownNow();
        person.close();
        server.close();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "crash-test");
        thread.setDaemon(true);
        return thread;
    }

    /** Waits for its point, and kills the worker there. */
    private final class Lurking implements EffectListener {

        private final CrashPoint.Watch watch;

        Lurking(CrashPoint point) {
            watch = point.watch();
        }

        @Override
        public void before(int number, String what) {
            strikeIf(watch.isBefore(number, what));
        }

        @Override
        public void after(int number, String what) {
            strikeIf(watch.isAfter(number));
        }

        private void strikeIf(boolean here) {
            if (here) {
                kill.run();
                aside.execute(SmallClimb.this::replaceWorker);
            }
        }
    }
}
