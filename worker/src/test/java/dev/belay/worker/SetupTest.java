package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.AddSearchAttributesResponse;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesResponse;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.api.workflowservice.v1.RegisterNamespaceResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A frontend that learns late of the namespace it made. */
class SetupTest {

    private static final Duration SHORT = Duration.ofMillis(500);

    private final AtomicInteger describedInVain = new AtomicInteger();
    private final AtomicInteger askedInVain = new AtomicInteger();
    private final AtomicInteger addedInVain = new AtomicInteger();
    private final Map<String, IndexedValueType> attributes = new ConcurrentHashMap<>();
    private volatile boolean registered;
    private Server server;
    private TemporalConnection connection;

    @BeforeEach
    void start() throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("temporal.api.workflowservice.v1.WorkflowService", ServingStatus.SERVING);
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(health.getHealthService())
                .addService(new Frontend())
                .addService(new Operator())
                .build()
                .start();
        connection = TemporalConnection.open(
                null,
                Map.of(
                        "TEMPORAL_ADDRESS",
                        "127.0.0.1:" + server.getPort(),
                        "TEMPORAL_NAMESPACE",
                        "belay",
                        "TEMPORAL_CONFIG_FILE",
                        "/nonexistent/temporal.toml"));
    }

    @AfterEach
    void stop() {
        connection.close();
        server.shutdownNow();
    }

    @Test
    void waitsUntilEveryFrontendSeesTheNamespace() {
        describedInVain.set(2);
        askedInVain.set(2);
        addedInVain.set(1);

        List<String> report = Setup.on(connection, Duration.ofSeconds(20));

        assertThat(report).hasSize(2);
        assertThat(report.get(0)).contains("namespace belay: made");
        assertThat(attributes).containsAllEntriesOf(SearchAttributes.all());
        assertThat(List.of(describedInVain.get(), askedInVain.get(), addedInVain.get()))
                .containsExactly(0, 0, 0);
    }

    @Test
    void saysSoWhenItIsNeverSeen() {
        askedInVain.set(Integer.MAX_VALUE);

        assertThatThrownBy(() -> Setup.on(connection, SHORT))
                .isInstanceOf(ServerProblem.class)
                .hasMessageContaining("took the namespace belay but does not show it")
                .hasMessageContaining("run `belay setup` again");
    }

    @Test
    void doesNothingTheSecondTime() {
        Setup.on(connection, Duration.ofSeconds(20));

        assertThat(Setup.on(connection, SHORT))
                .allSatisfy(line -> assertThat(line).contains("there"));
    }

    private static boolean inVain(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private static void notFound(StreamObserver<?> answer) {
        answer.onError(Status.NOT_FOUND
                .withDescription("Namespace belay is not found.")
                .asRuntimeException());
    }

    private static <T> void say(StreamObserver<T> answer, T value) {
        answer.onNext(value);
        answer.onCompleted();
    }

    private final class Frontend extends WorkflowServiceGrpc.WorkflowServiceImplBase {

        @Override
        public void getSystemInfo(GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
            say(answer, GetSystemInfoResponse.getDefaultInstance());
        }

        @Override
        public void registerNamespace(
                RegisterNamespaceRequest request, StreamObserver<RegisterNamespaceResponse> answer) {
            registered = true;
            say(answer, RegisterNamespaceResponse.getDefaultInstance());
        }

        @Override
        public void describeNamespace(
                DescribeNamespaceRequest request, StreamObserver<DescribeNamespaceResponse> answer) {
            if (!registered || inVain(describedInVain)) {
                notFound(answer);
            } else {
                say(answer, DescribeNamespaceResponse.getDefaultInstance());
            }
        }
    }

    private final class Operator extends OperatorServiceGrpc.OperatorServiceImplBase {

        @Override
        public void listSearchAttributes(
                ListSearchAttributesRequest request, StreamObserver<ListSearchAttributesResponse> answer) {
            if (inVain(askedInVain)) {
                notFound(answer);
            } else {
                say(
                        answer,
                        ListSearchAttributesResponse.newBuilder()
                                .putAllCustomAttributes(attributes)
                                .build());
            }
        }

        @Override
        public void addSearchAttributes(
                AddSearchAttributesRequest request, StreamObserver<AddSearchAttributesResponse> answer) {
            if (inVain(addedInVain)) {
                notFound(answer);
            } else {
                attributes.putAll(request.getSearchAttributesMap());
                say(answer, AddSearchAttributesResponse.getDefaultInstance());
            }
        }
    }
}
