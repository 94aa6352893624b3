package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.StepCatalogue;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.Planner;
import dev.belay.model.run.RunStatus;
import dev.belay.worker.EmbeddedServer;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.RunState;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run whose history became too long goes on in another execution; to people it is one. */
class ContinuedRunTest {

    private static final String QUEUE = "continued";

    /** A run that continues as new so many times. */
    @WorkflowInterface
    public interface Continued {
        @WorkflowMethod(name = "belay.run")
        RunState run(RunInput input, int times);
    }

    /** Does nothing else. */
    public static final class Continuing implements Continued {
        @Override
        public RunState run(RunInput input, int times) {
            if (times > 0) {
                Workflow.newContinueAsNewStub(Continued.class).run(input, times - 1);
            }
            return new RunState(
                    Belay.runId(Workflow.getInfo().getFirstExecutionRunId()),
                    RunStatus.COMPLETED,
                    input.plan(),
                    input.author(),
                    input.reason(),
                    input.ticket(),
                    Instant.ofEpochMilli(Workflow.currentTimeMillis()),
                    false,
                    false,
                    null,
                    List.of(),
                    List.of(),
                    null,
                    null,
                    List.of(),
                    "Every step of every hop is done.");
        }
    }

    private final EmbeddedServer server = EmbeddedServer.start();
    private final Map<String, String> environment = Map.of("TEMPORAL_ADDRESS", server.target());

    @AfterEach
    void close() {
        server.close();
    }

    private void continuesTwice() {
        try (TemporalConnection connection = TemporalConnection.embedded(server.target())) {
            WorkerFactory factory = WorkerFactory.newInstance(connection.client());
            factory.newWorker(QUEUE).registerWorkflowImplementationTypes(Continuing.class);
            factory.start();
            WorkflowStub run = connection
                    .client()
                    .newUntypedWorkflowStub(
                            "belay.run",
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId(Belay.workflowId("lab"))
                                    .setTaskQueue(QUEUE)
                                    .build());
            run.start(RunInput.of(plan(), "site", "sre@desk", "it is time", "OPS-7"), 2);
            run.getResult(RunState.class);
            factory.shutdownNow();
        }
    }

    private static Plan plan() {
        KubernetesVersion from = KubernetesVersion.parse("v1.33.13");
        NodeFacts cp1 = new NodeFacts(new NodeName("cp1"), NodeRole.CONTROL_PLANE, from, "", true, true);
        ClusterFacts facts = new ClusterFacts("lab", "uid-1", from, null, List.of(), List.of(cp1));
        PlanRequest request = PlanRequest.of(
                Documents.runbook(
                        Path.of("..", "runbooks", "kubeadm-minor.yaml").toString()),
                Documents.cluster(Path.of("..", "clusters", "lab.yaml").toString()),
                facts,
                "v1.34.4",
                StepCatalogue.shipped().signatures());
        return Objects.requireNonNull(Planner.plan(request).plan());
    }

    @Test
    void isListedOnce() {
        continuesTwice();

        JsonNode listed = Typed.in(environment, "list", "-o", "json").succeeds().json("list");

        assertThat(listed.get("runs")).hasSize(1);
    }

    @Test
    void itsLogSaysOnceWhoStartedIt() {
        continuesTwice();

        JsonNode log = Typed.in(environment, "logs", "@latest", "-o", "json")
                .succeeds()
                .json("logs");

        assertThat(log.get("events"))
                .filteredOn(event -> event.get("event").asText().equals("STARTED"))
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).contains("sre@desk", "it is time", "OPS-7"));
    }
}
