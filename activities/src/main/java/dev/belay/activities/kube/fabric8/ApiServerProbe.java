package dev.belay.activities.kube.fabric8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.fabric8.RawApi.Reply;
import dev.belay.model.kubernetes.KubernetesVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Asks one API server by its own address, past any load balancer. Silence, a refused connection and a wrong certificate are answers. */
final class ApiServerProbe {

    private static final Duration LIMIT = Duration.ofSeconds(6);

    private final RawApi api;
    private final ApiErrors errors;
    private final KubernetesClient client;

    ApiServerProbe(RawApi api, ApiErrors errors, KubernetesClient client) {
        this.api = api;
        this.errors = errors;
        this.client = client;
    }

    ApiServerHealth look(String who, String address, int port) {
        String base = "https://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        try {
            Reply version = allowed(base, "GET /version", api.getFrom(base + "/version", LIMIT));
            Reply ready = allowed(base, "GET /readyz", api.getFrom(base + "/readyz?verbose", LIMIT));
            return new ApiServerHealth(version(who, version), ready.ok(), ready.ok() ? "" : failing(ready));
        } catch (ExecutionException e) {
            return away(base, ApiErrors.rootMessage(Objects.requireNonNullElse(e.getCause(), e)));
        } catch (TimeoutException e) {
            return away(base, "no answer within " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            throw errors.of("ask " + base, e);
        }
    }

    static ApiServerHealth away(String base, String why) {
        return new ApiServerHealth(Optional.empty(), false, base + " is not reachable: " + why);
    }

    private Reply allowed(String base, String call, Reply reply) {
        if (reply.code() == 401 || reply.code() == 403) {
            throw errors.at(base).ofAnswer(call, reply.code(), ApiErrors.messageOf(reply.status(), ""));
        }
        return reply;
    }

    private Optional<KubernetesVersion> version(String who, Reply reply) {
        if (!reply.ok()) {
            return Optional.empty();
        }
        JsonNode read = client.getKubernetesSerialization().unmarshal(reply.body(), JsonNode.class);
        return Optional.of(FromApi.version(
                "the API server of " + who, read.path("gitVersion").asText("")));
    }

    private static String failing(Reply ready) {
        String lines = ready.body()
                .lines()
                .filter(line -> line.startsWith("[-]"))
                .map(line -> line.substring(3).strip())
                .collect(Collectors.joining("; "));
        return lines.isEmpty()
                ? "/readyz answers " + ready.code() + ": " + ready.body().strip()
                : lines;
    }
}
