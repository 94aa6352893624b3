package dev.belay.activities.kube.fabric8;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests whose code, headers or plain text matter, over the client's own HTTP connection and credentials. */
final class RawApi {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final ApiErrors errors;
    private final Duration timeout;

    RawApi(KubernetesClient client, ApiErrors errors, Duration timeout) {
        this.client = client;
        this.errors = errors;
        this.timeout = timeout;
    }

    Reply get(String call, String path) {
        return send(call, request().uri(absolute(path)));
    }

    Reply post(String call, String path, String json) {
        return send(call, request().uri(absolute(path)).post("application/json", json));
    }

    Reply mergePatch(String call, String path, String json) {
        return send(call, request().uri(absolute(path)).method("PATCH", "application/merge-patch+json", json));
    }

    /** Sends to any address; throws what the connection threw. */
    Reply getFrom(String url, Duration limit) throws ExecutionException, TimeoutException, InterruptedException {
        return await(
                client.getHttpClient()
                        .newHttpRequestBuilder()
                        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                        .uri(url),
                limit.plus(GRACE));
    }

    private Reply send(String call, HttpRequest.Builder request) {
        try {
            return await(request, timeout.plus(GRACE));
        } catch (ExecutionException e) {
            throw errors.of(call, Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw errors.unavailable(call, "no whole answer within " + timeout.toSeconds() + " s");
        } catch (InterruptedException e) {
            throw errors.of(call, e);
        }
    }

    private Reply await(HttpRequest.Builder request, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                client.getHttpClient().sendAsync(request.build(), String.class);
        try {
            HttpResponse<String> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(
                    response.code(),
                    Objects.requireNonNullElse(response.body(), ""),
                    seconds(response.header("Retry-After")),
                    client);
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest.Builder request() {
        return client.getHttpClient().newHttpRequestBuilder().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private String absolute(String path) {
        String base = client.getMasterUrl().toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }

    String json(Object object) {
        return client.getKubernetesSerialization().asJson(object);
    }

    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Duration seconds(@Nullable String header) {
        return header != null && SECONDS.matcher(header.strip()).matches()
                ? Duration.ofSeconds(Long.parseLong(header.strip()))
                : Duration.ZERO;
    }

    /** An answer, whatever its code. */
    record Reply(int code, String body, Duration retryAfter, KubernetesClient client) {

        boolean ok() {
            return HttpResponse.isSuccessful(code);
        }

        /** The API's own words about a refusal; a body that is none becomes the message. */
        Status status() {
            Status said = new Status();
            said.setMessage(body.strip());
            try {
                Status parsed = client.getKubernetesSerialization().unmarshal(body, Status.class);
                return parsed == null ? said : parsed;
            } catch (RuntimeException notStatus) {
                return said;
            }
        }
    }
}
