package dev.belay.activities.kube.fabric8;

import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.FullEtcd;
import dev.belay.model.run.FailureKind;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Turns what the client library throws, or an answer that is no success, into the one failure steps know. */
final class ApiErrors {

    /** Answers of a server, or of a load balancer before it, that is starting, stopping, overloaded or without its etcd. */
    private static final Set<Integer> PASSING = Set.of(408, 410, 425, 429, 500, 502, 503, 504);

    private static final int LONGEST = 300;

    private final String server;
    private final Runnable unknown;

    /** @param unknown told when the server does not know who asks */
    ApiErrors(String server, Runnable unknown) {
        this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        this.unknown = unknown;
    }

    /** The same for another address. */
    ApiErrors at(String address) {
        return new ApiErrors(address, unknown);
    }

    StepFailure of(String call, Throwable thrown) {
        if (thrown instanceof StepFailure known) {
            return known;
        }
        if (thrown instanceof KubernetesClientException refused && refused.getCode() > 0) {
            return ofAnswer(call, refused.getCode(), messageOf(refused.getStatus(), refused.getMessage()));
        }
        if (isInterrupt(thrown)) {
            Thread.currentThread().interrupt();
        }
        if (untrusted(thrown)) {
            return notTrusted(call, thrown);
        }
        return neverSent(thrown) ? notSent(call, thrown) : unavailable(call, rootMessage(thrown));
    }

    StepFailure ofAnswer(String call, int code, String message) {
        if (code == 401) {
            unknown.run();
        }
        if (code == 401 || code == 403) {
            return forbidden(call, code, message);
        }
        if (code == 409) {
            return conflict(call, message);
        }
        if (message.contains(FullEtcd.WORDS)) {
            return FullEtcd.refused("the API at " + server, call, code + " " + message);
        }
        return PASSING.contains(code) ? unavailable(call, code + " " + message) : refused(call, code, message);
    }

    StepFailure unavailable(String call, String why) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "API_UNAVAILABLE",
                "the API at " + server + " gave no usable answer to \"" + call + "\": " + why,
                "look at the load balancer and the kube-apiserver pods of the control planes");
    }

    StepFailure refused(String call, int code, String message) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "API_REFUSED",
                "the API at " + server + " refused \"" + call + "\": " + code + " " + message,
                "correct what the message names, then retry the step");
    }

    /** A starting API server knows nobody's rights for some seconds, so a step asks again before a person is told to. */
    private StepFailure forbidden(String call, int code, String message) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "API_FORBIDDEN",
                "the API at " + server + " does not let this kubeconfig do \"" + call + "\": " + code + " " + message,
                "use a kubeconfig of a cluster administrator whose certificate or token has not run out; a new file is read at once");
    }

    private StepFailure conflict(String call, String message) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "API_CONFLICT",
                "at the API at " + server + " someone else changed the object during \"" + call + "\": " + message,
                "retry the step: it looks again first");
    }

    private StepFailure notTrusted(String call, Throwable thrown) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "API_UNTRUSTED",
                "the API at " + server + " is not the one this kubeconfig trusts (\"" + call + "\"): "
                        + rootMessage(thrown),
                "use the kubeconfig of this cluster, with its certificate authority");
    }

    static boolean untrusted(Throwable thrown) {
        return chain(thrown).stream()
                .anyMatch(cause -> cause instanceof CertificateException
                        || cause instanceof CertPathValidatorException
                        || cause instanceof CertPathBuilderException
                        || cause instanceof SSLPeerUnverifiedException);
    }

    /** The client itself could make no request of it: a name that is none, or a kind the API does not have. */
    private static boolean neverSent(Throwable thrown) {
        return chain(thrown).stream()
                .noneMatch(cause -> cause instanceof IOException
                        || cause instanceof CancellationException
                        || cause instanceof TimeoutException);
    }

    private StepFailure notSent(String call, Throwable thrown) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "API_REFUSED",
                "\"" + call + "\" cannot be asked of the API at " + server + ": " + rootMessage(thrown),
                "correct the name or kind it is about, then retry the step");
    }

    private static boolean isInterrupt(Throwable thrown) {
        return chain(thrown).stream()
                .anyMatch(cause -> cause instanceof InterruptedException || cause instanceof InterruptedIOException);
    }

    /** What lies at the bottom, on one line: the innermost message that is not the client library's own. */
    static String rootMessage(Throwable thrown) {
        List<Throwable> causes = chain(thrown);
        Collections.reverse(causes);
        return causes.stream()
                .sorted(Comparator.comparing(KubernetesClientException.class::isInstance))
                .map(ApiErrors::words)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> causes.get(0).getClass().getSimpleName());
    }

    private static Optional<String> words(Throwable cause) {
        String message = cause.getMessage();
        if (message != null && !message.isBlank()) {
            return message.lines().findFirst().map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) : line);
        }
        return cause instanceof ConnectException ? Optional.of("connection refused") : Optional.empty();
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable at = thrown; at != null && !causes.contains(at); at = at.getCause()) {
            causes.add(at);
        }
        return causes;
    }

    static String messageOf(@Nullable Status status, @Nullable String otherwise) {
        String said = status == null ? null : status.getMessage();
        String text = Objects.requireNonNullElse(said, Objects.requireNonNullElse(otherwise, ""));
        return text.isBlank()
                ? "without a message"
                : text.lines().findFirst().orElse(text).strip();
    }
}
