package dev.belay.worker;

import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes what Belay needs on a Temporal server: a namespace that keeps closed runs long enough for an audit, and the search attributes. Safe to repeat. */
public final class Setup {

    private static final int DAYS = 90;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_MS = 200;

    private final TemporalConnection connection;
    private final Duration patience;
    private final OperatorServiceStubs operator;
    private final List<String> report = new ArrayList<>();

    private Setup(TemporalConnection connection, Duration patience) {
        this.connection = connection;
        this.patience = patience;
        this.operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(connection.stubs().getRawChannel())
                .validateAndBuildWithDefaults());
    }

    /** Makes what is missing; returns what was done, one line each. */
    public static List<String> on(TemporalConnection connection) {
        return on(connection, PATIENCE);
    }

    static List<String> on(TemporalConnection connection, Duration patience) {
        Setup setup = new Setup(connection, patience);
        setup.namespace();
        setup.searchAttributes();
        return List.copyOf(setup.report);
    }

    /** The embedded server has its namespace, and cannot say which attributes it knows. */
    public static void embedded(TemporalConnection connection) {
        new Setup(connection, PATIENCE).add(SearchAttributes.all());
    }

    private void namespace() {
        String name = connection.namespace();
        Optional<DescribeNamespaceResponse> found = find();
        if (found.isPresent()) {
            long days =
                    found.get().getConfig().getWorkflowExecutionRetentionTtl().getSeconds() / 86_400;
            report.add("namespace " + name + ": there, keeps closed runs " + days + " days"
                    + (days < DAYS ? "; an audit wants " + DAYS : ""));
            return;
        }
        connection
                .stubs()
                .blockingStub()
                .registerNamespace(RegisterNamespaceRequest.newBuilder()
                        .setNamespace(name)
                        .setDescription("Upgrades of Kubernetes clusters by Belay")
                        .setWorkflowExecutionRetentionPeriod(Durations.fromDays(DAYS))
                        .build());
        await("namespace " + name, () -> find().isPresent());
        report.add("namespace " + name + ": made, keeps closed runs " + DAYS + " days");
    }

    private Optional<DescribeNamespaceResponse> find() {
        try {
            return Optional.of(connection
                    .stubs()
                    .blockingStub()
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(connection.namespace())
                            .build()));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void searchAttributes() {
        Map<String, IndexedValueType> missing = onceSeen(this::missing);
        if (missing.isEmpty()) {
            report.add("search attributes: all " + SearchAttributes.all().size() + " there");
            return;
        }
        onceSeen(() -> {
            add(missing);
            return true;
        });
        await("search attributes", () -> missing().isEmpty());
        report.add("search attributes: made " + String.join(", ", missing.keySet()));
    }

    private Map<String, IndexedValueType> missing() {
        Map<String, IndexedValueType> known = operator.blockingStub()
                .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                        .setNamespace(connection.namespace())
                        .build())
                .getCustomAttributesMap();
        Map<String, IndexedValueType> missing = new LinkedHashMap<>(SearchAttributes.all());
        missing.forEach((name, type) -> requireType(name, type, known.get(name)));
        missing.keySet().removeAll(known.keySet());
        return missing;
    }

    private static void requireType(String name, IndexedValueType wanted, @Nullable IndexedValueType found) {
        if (found != null && found != wanted) {
            throw new ServerProblem("the search attribute " + name + " exists with type " + found + ", Belay needs "
                    + wanted + "; use another namespace");
        }
    }

    private void add(Map<String, IndexedValueType> attributes) {
        operator.blockingStub()
                .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                        .setNamespace(connection.namespace())
                        .putAllSearchAttributes(attributes)
                        .build());
    }

    /** Each frontend of the server learns of a new namespace in its own time, some seconds after it was made. */
    private <T> T onceSeen(Supplier<T> call) {
        AtomicReference<@Nullable T> answer = new AtomicReference<>();
        await("namespace " + connection.namespace(), () -> {
            try {
                answer.set(call.get());
                return true;
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
        return Objects.requireNonNull(answer.get());
    }

    private void await(String what, BooleanSupplier there) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new ServerProblem("the server took the " + what + " but does not show it after "
                        + patience.toSeconds() + " s; run `belay setup` again");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServerProblem("interrupted while waiting for the " + what, e);
            }
        }
    }
}
