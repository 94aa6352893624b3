package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.worker.EmbeddedServer;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run whose history became too long goes on in another execution; to people it is one. */
class ContinuedRunTest {

    private static final String QUEUE = "continued";

    /** A run that continues as new so many times. */
    @WorkflowInterface
    public interface Continued {
        @WorkflowMethod(name = "belay.run")
        void run(int times);
    }

    /** Does nothing else. */
    public static final class Continuing implements Continued {
        @Override
        public void run(int times) {
            if (times > 0) {
                Workflow.newContinueAsNewStub(Continued.class).run(times - 1);
            }
        }
    }

    @Test
    void isListedOnce() {
        try (EmbeddedServer server = EmbeddedServer.start();
                TemporalConnection connection = TemporalConnection.embedded(server.target())) {
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
            run.start(2);
            run.getResult(Void.class);
            factory.shutdownNow();

            JsonNode listed = Typed.in(Map.of("TEMPORAL_ADDRESS", server.target()), "list", "-o", "json")
                    .succeeds()
                    .json("list");

            assertThat(listed.get("runs")).hasSize(1);
        }
    }
}
