package dev.belay.worker;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Ports;
import dev.belay.activities.StepCatalogue;
import dev.belay.activities.StepNotice;
import dev.belay.model.plan.Offers;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.twin.SimulatedCluster;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A worker over a simulated cluster, a server that forgets, and two people who approve what they are asked. */
final class EngineOnTwin implements AutoCloseable {

    private final EmbeddedServer server = EmbeddedServer.start(Duration.ofMillis(300));
    private final TemporalConnection person = TemporalConnection.embedded(server.target());
    private final RehearsedPeople people = new RehearsedPeople(person.client(), said -> {});
    private final ExecutorService aside = Executors.newCachedThreadPool();
    private final SimulatedCluster cluster;
    private final String workflow;
    private final RehearsedWorker worker;

    EngineOnTwin(SimulatedCluster cluster) {
        this.cluster = cluster;
        this.workflow = Belay.workflowId(cluster.inventory().name());
        Setup.embedded(person);
        this.worker = RehearsedWorker.start(server.target(), cluster, this::hear);
        server.skipTime();
    }

    /** What a shipped runbook would do now. */
    Plan plan(String runbook, String target, Map<String, String> set) throws IOException {
        try (Ports ports = cluster.connect().ports()) {
            return Planner.plan(new PlanRequest(
                            runbook(runbook),
                            cluster.inventory(),
                            ClusterInspection.read(ports),
                            target,
                            List.of(),
                            Offers.NONE,
                            set,
                            StepCatalogue.shipped().signatures()))
                    .clear();
        }
    }

    static Runbook runbook(String name) throws IOException {
        Path file = Path.of("../runbooks", name + ".yaml");
        return RunbookReader.read(
                file.toString(),
                Files.readAllBytes(file),
                StepCatalogue.shipped().signatures());
    }

    /** To its end. */
    RunReport run(Plan plan) {
        return run(RunInput.of(plan, cluster.inventory().site(), "sre@desk", "as tested", null));
    }

    RunReport run(RunInput input) {
        RunClient.start(person.client(), input);
        person.client().newUntypedWorkflowStub(workflow).getResult(RunState.class);
        return look(null);
    }

    /** {@code execution}: Temporal's run id, or null for the latest. */
    RunReport look(@Nullable String execution) {
        return RunClient.report(person.client(), workflow, execution);
    }

    /** Temporal's run id of the latest run. */
    String latest() {
        return person.client()
                .newUntypedWorkflowStub(workflow)
                .describe()
                .getExecution()
                .getRunId();
    }

    private void hear(StepNotice notice) {
        if (people.hear(notice)) {
            server.holdTime();
        } else {
            server.skipTime();
        }
        if (notice.event().equals("AWAITING_APPROVAL")) {
            aside.execute(() -> people.answer(notice));
        }
    }

    @Override
    public void close() {
        worker.kill();
        aside.shutdownNow();
        person.close();
        server.close();
    }
}
