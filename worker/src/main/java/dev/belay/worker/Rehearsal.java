package dev.belay.worker;

import dev.belay.activities.Ports;
import dev.belay.activities.StepNotice;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.StepCall;
import dev.belay.twin.ClusterShape;
import dev.belay.twin.FaultPlan;
import dev.belay.twin.SimulatedCluster;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.RunClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A climb on the twin: the same workflows and steps over a simulated cluster, on an embedded server that forgets everything, with two
 * simulated people who answer each approval. Time is skipped except while a person is awaited.
 */
public final class Rehearsal implements AutoCloseable {

    /** They complain of a worker that is killed on purpose. */
    private static final List<Logger> QUIET = Stream.of("io.grpc.Context", "com.google.common.cache.LocalCache")
            .map(Logger::getLogger)
            .toList();

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private final EmbeddedServer server;
    private final TemporalConnection connection;
    private final SimulatedCluster twin;
    private final RehearsalFiles files;
    private final Consumer<String> told;
    private final ExecutorService people = Executors.newSingleThreadExecutor(Rehearsal::daemon);
    private final RehearsedPeople approvers;
    private final AtomicBoolean closed = new AtomicBoolean();
    private RehearsedWorker worker;
    private @Nullable String run;

    private Rehearsal(EmbeddedServer server, Settings settings, Consumer<String> told) {
        this.server = server;
        this.told = told;
        this.files = new RehearsalFiles(settings.environment());
        this.connection = TemporalConnection.embedded(server.target());
        Setup.embedded(connection);
        this.twin = SimulatedCluster.of(
                settings.shape().withSeed(settings.seed()).startingAt(server.now()), settings.faults());
        this.approvers = new RehearsedPeople(connection.client(), told);
        twin.onWorkerKilled(this::replaceWorker);
        this.worker = RehearsedWorker.start(server.target(), twin, this::hear);
    }

    /**
     * What is rehearsed.
     *
     * @param shape of the simulated cluster
     * @param faults as typed: {@code drain=drain-blocked@w1}
     * @param environment says where rehearsals are written down
     */
    public record Settings(ClusterShape shape, long seed, FaultPlan faults, Map<String, String> environment) {

        /** The same with other faults. */
        public Settings with(FaultPlan others) {
            return new Settings(shape, seed, others, environment);
        }

        /** The same, beginning at another version. */
        public Settings at(KubernetesVersion version) {
            return new Settings(shape.at(version), seed, faults, environment);
        }

        /** Three control planes and four workers, or one of each. */
        public static Settings of(
                KubernetesVersion from,
                boolean small,
                long seed,
                List<String> faults,
                Map<String, String> environment) {
            ClusterShape shape = small ? ClusterShape.small(from) : ClusterShape.standard(from);
            return new Settings(shape, seed, FaultPlan.parse(faults), environment);
        }

        /** The nodes and zones of an inventory. The people of a rehearsal are simulated and sign nothing. */
        public static Settings of(
                Cluster inventory,
                KubernetesVersion from,
                long seed,
                List<String> faults,
                Map<String, String> environment) {
            return new Settings(
                    ClusterShape.of(inventory.byNameOnly(), from), seed, FaultPlan.parse(faults), environment);
        }
    }

    /** Starts server, twin and worker. {@code told} hears what happens beside the run, one line each. */
    public static Rehearsal start(Settings settings, Consumer<String> told) {
        EmbeddedServer server = EmbeddedServer.start();
        try {
            return new Rehearsal(server, settings, told);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The twin as a plan and an onlooker see it: no faults, and nothing is changed through it. */
    public Ports ports() {
        return twin.connect().ports();
    }

    SimulatedCluster twin() {
        return twin;
    }

    public TemporalConnection connection() {
        return connection;
    }

    /** Starts the run, and writes it down for other terminals. */
    public String run(RunInput input) {
        server.skipTime();
        String id = RunClient.start(connection.client(), input);
        if (run != null) {
            files.remove(run);
        }
        run = id;
        files.write(RehearsalFiles.Entry.ofThisProcess(id, twin.inventory(), server.target(), server.now()));
        return id;
    }

    private void hear(StepNotice notice) {
        if (approvers.hear(notice)) {
            server.holdTime();
        } else {
            server.skipTime();
        }
        if (notice.event().equals("AWAITING_APPROVAL")) {
            people.execute(() -> approvers.answer(notice));
        }
    }

    /** Called by the step in whose middle the worker dies, so its own answer must not get out. */
    private synchronized void replaceWorker(StepCall call) {
        worker.kill();
        told.accept("the worker was killed during " + call.step() + "; a new one starts");
        worker = RehearsedWorker.start(server.target(), twin, this::hear);
    }

    /** Once, however many ask: the verb at its end, and the hook of a process that is stopped. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        people.shutdownNow();
        if (run != null) {
            files.remove(run);
        }
        worker.kill();
        connection.close();
        server.close();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "belay-rehearsed-people");
        thread.setDaemon(true);
        return thread;
    }
}
