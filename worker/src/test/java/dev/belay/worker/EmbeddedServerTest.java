package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbeddedServerTest {

    private static final String QUEUE = "test";

    private EmbeddedServer server;
    private TemporalConnection connection;

    @BeforeEach
    void start() {
        server = EmbeddedServer.start(Duration.ofMillis(300));
        connection = TemporalConnection.embedded(server.target());
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void aRunGoesOnWithAnotherWorkerAfterItsOwnWasLost() {
        WorkerFactory first = worker();
        WorkflowStub run = patient("goes-on");
        assertThat(run.query("said", String.class)).isEqualTo("nothing");
        first.shutdownNow();
        first.awaitTermination(5, TimeUnit.SECONDS);

        WorkerFactory second = worker();

        run.signal("say", "well");
        assertThat(run.getResult(String.class)).isEqualTo("well");
        second.shutdownNow();
    }

    @Test
    void aQueryIsAnsweredByAnotherWorkerWhenTheOneThatHeldTheRunIsLost() {
        WorkerFactory first = worker();
        WorkflowStub run = patient("answers");
        assertThat(run.query("said", String.class)).isEqualTo("nothing");
        first.shutdownNow();
        first.awaitTermination(5, TimeUnit.SECONDS);

        WorkerFactory second = worker();

        assertThat(run.query("said", String.class)).isEqualTo("nothing");
        second.shutdownNow();
    }

    @Test
    void listsRunsOpenAndClosedByTheirType() {
        WorkerFactory worker = worker();
        WorkflowStub closed = patient("closed");
        closed.signal("say", "bye");
        closed.getResult(String.class);
        patient("open");

        assertThat(connection.client().listExecutions("WorkflowType = 'Patient'"))
                .extracting(execution -> execution.getExecution().getWorkflowId())
                .containsExactlyInAnyOrder("open", "closed");
        assertThat(connection.client().listExecutions("WorkflowType = 'Other'")).isEmpty();
        worker.shutdownNow();
    }

    @Test
    void refusesAListItCannotAnswerRatherThanAnswerItWrongly() {
        assertThatThrownBy(() -> connection
                        .client()
                        .listExecutions("ExecutionStatus = 'Running'")
                        .count())
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("WorkflowType");
    }

    @Test
    void timeJumpsToTheNextTimerUnlessItIsHeld() {
        WorkerFactory worker = worker();
        server.skipTime();
        Instant before = server.now();

        WorkflowStub run = connection.client().newUntypedWorkflowStub("Patient", options("sleeps"));
        run.start(Duration.ofHours(5).toMillis());
        run.getResult(String.class);

        assertThat(Duration.between(before, server.now())).isGreaterThan(Duration.ofHours(4));
        server.holdTime();
        Instant held = server.now();
        assertThat(Duration.between(held, server.now())).isLessThan(Duration.ofMinutes(1));
        worker.shutdownNow();
    }

    @Test
    void timeGoesByAtOnceWhileSeveralRunsAreUnderWay() {
        server.skipTime();
        for (String run : List.of("one", "other", "third")) {
            connection.client().newUntypedWorkflowStub("Patient", options(run)).start(0L);
        }
        Instant before = server.now();

        server.pass(Duration.ofHours(5));

        assertThat(Duration.between(before, server.now())).isBetween(Duration.ofHours(5), Duration.ofMinutes(301));
    }

    @Test
    void listensOnLoopbackOnly() throws SocketException {
        int port = Integer.parseInt(server.target().substring(server.target().indexOf(':') + 1));
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
                .findFirst();
        org.junit.jupiter.api.Assumptions.assumeTrue(outside.isPresent(), "this machine has only loopback");

        assertThatThrownBy(() -> connect(outside.get(), port)).isInstanceOf(ConnectException.class);
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
        }
    }

    private WorkerFactory worker() {
        WorkerFactory factory = WorkerFactory.newInstance(connection.client());
        factory.newWorker(QUEUE).registerWorkflowImplementationTypes(PatientImpl.class);
        factory.start();
        return factory;
    }

    private WorkflowStub patient(String id) {
        WorkflowStub run = connection.client().newUntypedWorkflowStub("Patient", options(id));
        run.start(0L);
        return run;
    }

    private static WorkflowOptions options(String id) {
        return WorkflowOptions.newBuilder()
                .setTaskQueue(QUEUE)
                .setWorkflowId(id)
                .build();
    }

    /** Waits for a word, or for time. */
    @WorkflowInterface
    public interface Patient {

        @WorkflowMethod
        String waitFor(long millis);

        @SignalMethod
        void say(String word);

        @QueryMethod
        String said();
    }

    /** Waits. */
    public static final class PatientImpl implements Patient {

        private String word = "nothing";

        @Override
        public String waitFor(long millis) {
            if (millis > 0) {
                Workflow.sleep(millis);
            } else {
                Workflow.await(() -> !word.equals("nothing"));
            }
            return word;
        }

        @Override
        public void say(String said) {
            word = said;
        }

        @Override
        public String said() {
            return word;
        }
    }
}
