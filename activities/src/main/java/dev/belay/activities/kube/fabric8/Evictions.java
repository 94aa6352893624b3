package dev.belay.activities.kube.fabric8;

import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.Eviction.Answer;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.fabric8.RawApi.Reply;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The eviction subresource, asked once (Kubernetes' concepts/scheduling-eviction/api-eviction and registry/core/pod/storage/eviction.go).
 * 500 is a misconfiguration only when the server says so of its budgets; any other 500 is an API server in trouble.
 */
final class Evictions {

    private static final String TERMINATING = "NamespaceTerminating";

    private final RawApi api;
    private final ApiErrors errors;

    Evictions(RawApi api, ApiErrors errors) {
        this.api = api;
        this.errors = errors;
    }

    Eviction evict(KubePod pod) {
        String call = "evict " + pod;
        Reply reply = api.post(
                call,
                "/api/v1/namespaces/" + RawApi.segment(pod.namespace()) + "/pods/" + RawApi.segment(pod.name())
                        + "/eviction",
                api.json(request(pod)));
        Status status = reply.status();
        String message = message(status);
        return switch (reply.code()) {
            case 200, 201, 202 -> new Eviction(Answer.ACCEPTED, message, Duration.ZERO);
            case 404 -> new Eviction(Answer.GONE, message, Duration.ZERO);
            case 409 -> new Eviction(Answer.CONFLICT, message, retryAfter(reply, status));
            case 429 -> new Eviction(Answer.BLOCKED, message, retryAfter(reply, status));
            default -> unusual(call, reply, status, message);
        };
    }

    private Eviction unusual(String call, Reply reply, Status status, String message) {
        if (reply.code() == 500 && message.contains("PodDisruptionBudget")) {
            return new Eviction(Answer.MISCONFIGURED, message, Duration.ZERO);
        }
        if (reply.code() == 403 && causes(status).stream().anyMatch(cause -> TERMINATING.equals(cause.getReason()))) {
            return new Eviction(Answer.CONFLICT, message, retryAfter(reply, status));
        }
        throw errors.ofAnswer(call, reply.code(), message);
    }

    private static io.fabric8.kubernetes.api.model.policy.v1.Eviction request(KubePod pod) {
        return new EvictionBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withNamespace(pod.namespace())
                        .withName(pod.name())
                        .build())
                .withDeleteOptions(new DeleteOptionsBuilder()
                        .withNewPreconditions()
                        .withUid(pod.uid())
                        .endPreconditions()
                        .build())
                .build();
    }

    private static String message(Status status) {
        Stream<String> parts = Stream.concat(
                Stream.of(Objects.requireNonNullElse(status.getMessage(), "")),
                causes(status).stream().map(cause -> Objects.requireNonNullElse(cause.getMessage(), "")));
        return parts.map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static List<StatusCause> causes(Status status) {
        return status.getDetails() == null || status.getDetails().getCauses() == null
                ? List.of()
                : status.getDetails().getCauses();
    }

    private static Duration retryAfter(Reply reply, Status status) {
        Integer inBody =
                status.getDetails() == null ? null : status.getDetails().getRetryAfterSeconds();
        Duration inHeader = reply.retryAfter();
        return inHeader.isZero() && inBody != null && inBody > 0 ? Duration.ofSeconds(inBody) : inHeader;
    }
}
