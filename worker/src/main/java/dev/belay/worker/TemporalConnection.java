package dev.belay.worker;

import dev.belay.workflows.Belay;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one Temporal server and namespace. Where they are is said as the {@code temporal} program is told it: a profile of its
 * configuration file, and {@code TEMPORAL_ADDRESS}, {@code TEMPORAL_NAMESPACE}, {@code TEMPORAL_TLS_...}, {@code TEMPORAL_API_KEY} over it.
 */
public final class TemporalConnection implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String target;
    private final String namespace;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;

    private TemporalConnection(String target, String namespace, WorkflowServiceStubs stubs) {
        this.target = target;
        this.namespace = namespace;
        this.stubs = stubs;
        this.client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(namespace)
                        .setIdentity(Identity.client())
                        .setDataConverter(Belay.dataConverter())
                        .build());
    }

    /**
     * Connects, and fails when no server answers.
     *
     * @param profile of the configuration file; null takes {@code TEMPORAL_PROFILE}, then {@code default}
     */
    public static TemporalConnection open(@Nullable String profile, Map<String, String> environment) {
        ClientConfigProfile config = load(profile, environment);
        String target = Optional.ofNullable(config.getAddress()).orElse("127.0.0.1:7233");
        String namespace = Optional.ofNullable(config.getNamespace()).orElse("default");
        WorkflowServiceStubsOptions options = WorkflowServiceStubsOptions.newBuilder(
                        config.toWorkflowServiceStubsOptions())
                .setTarget(target)
                .validateAndBuildWithDefaults();
        return connect(target, namespace, options);
    }

    /** Connects to an embedded server. */
    public static TemporalConnection embedded(String target) {
        return connect(
                target,
                "default",
                WorkflowServiceStubsOptions.newBuilder().setTarget(target).validateAndBuildWithDefaults());
    }

    /** Connects to another process's embedded server, which goes when that process does: it is not waited for long. */
    public static TemporalConnection rehearsal(String target) {
        RpcRetryOptions retry =
                RpcRetryOptions.newBuilder().setExpiration(PATIENCE).validateBuildWithDefaults();
        return connect(
                target,
                "default",
                WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(target)
                        .setRpcRetryOptions(retry)
                        .validateAndBuildWithDefaults());
    }

    private static TemporalConnection connect(String target, String namespace, WorkflowServiceStubsOptions options) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(options);
        try {
            stubs.connect(PATIENCE);
            return new TemporalConnection(target, namespace, stubs);
        } catch (RuntimeException e) {
            stubs.shutdownNow();
            throw unreachable(target, e);
        }
    }

    private static ServerProblem unreachable(String target, RuntimeException cause) {
        Status.Code code = cause instanceof StatusRuntimeException status
                ? status.getStatus().getCode()
                : Status.Code.UNKNOWN;
        if (code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED) {
            return new ServerProblem(
                    "the Temporal server at " + target + " refuses this client (" + code
                            + "); check the profile's API key or certificates",
                    cause);
        }
        return new ServerProblem(
                "no Temporal server answers at " + target
                        + "; start one, or name another with --profile or TEMPORAL_ADDRESS",
                cause);
    }

    private static ClientConfigProfile load(@Nullable String profile, Map<String, String> environment) {
        LoadClientConfigProfileOptions.Builder options =
                LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(set(environment));
        if (profile != null) {
            options.setConfigFileProfile(profile);
        }
        try {
            return ClientConfigProfile.load(options.build());
        } catch (IOException | IllegalArgumentException e) {
            throw new ServerProblem("the Temporal client configuration cannot be used: " + e.getMessage(), e);
        }
    }

    /** A variable that is set to nothing is not set, as for the {@code temporal} command. */
    private static Map<String, String> set(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(variable -> !variable.getValue().isBlank())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Fails when the namespace is missing. */
    public void requireNamespace() {
        try {
            stubs.blockingStub()
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(namespace)
                            .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw new ServerProblem(
                        "the Temporal server at " + target + " has no namespace \"" + namespace
                                + "\"; `belay setup` makes it",
                        e);
            }
            throw e;
        }
    }

    /** Whether the server answers now. */
    public boolean answers() {
        try {
            requireNamespace();
            return true;
        } catch (StatusRuntimeException noAnswer) {
            return false;
        }
    }

    public WorkflowClient client() {
        return client;
    }

    public WorkflowServiceStubs stubs() {
        return stubs;
    }

    public String target() {
        return target;
    }

    public String namespace() {
        return namespace;
    }

    @Override
    public void close() {
        stubs.shutdown();
    }
}
