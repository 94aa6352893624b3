package dev.belay.activities.etcd.jetcd;

import dev.belay.activities.StepFailure;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import io.grpc.Status;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Turns what jetcd, gRPC or the way to the node throws into the one failure steps know, with the member's name. */
final class EtcdErrors {

    static final String UNREACHABLE = "ETCD_UNREACHABLE";

    static final String UNTRUSTED = "ETCD_UNTRUSTED";

    private static final String REFUSED = "ETCD_REFUSED";

    private static final String BEHIND = "ETCD_LEARNER_BEHIND";

    private EtcdErrors() {}

    /** A new connection, with certificates read again, may do what this one could not. */
    static boolean maySucceedAnew(StepFailure failure) {
        return Set.of(UNREACHABLE, UNTRUSTED).contains(failure.failure().code());
    }

    /** etcd heard the question and said no, or not yet: another member would say the same. */
    static boolean isVerdict(StepFailure failure) {
        return Set.of(REFUSED, BEHIND).contains(failure.failure().code());
    }

    static StepFailure of(NodeName node, String call, Throwable thrown) {
        List<Throwable> causes = chain(thrown);
        Optional<StepFailure> known = first(causes, StepFailure.class);
        if (known.isPresent()) {
            return ofWay(node, known.get());
        }
        if (first(causes, InterruptedException.class).isPresent()) {
            Thread.currentThread().interrupt();
            return unreachable(node, "interrupted while it was asked to " + call);
        }
        if (distrusts(causes)) {
            return untrusted(node, words(causes));
        }
        if (isDistrusted(causes)) {
            return notAccepted(node, words(causes));
        }
        return ofStatus(node, call, statusOf(causes), words(causes));
    }

    private static StepFailure ofWay(NodeName node, StepFailure failure) {
        return failure.failure().kind() == FailureKind.TRANSIENT
                ? unreachable(node, failure.failure().why())
                : failure;
    }

    private static StepFailure ofStatus(NodeName node, String call, Status.Code code, String words) {
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL, ABORTED ->
                words.startsWith("etcdserver:") ? noQuorum(node, call, words) : unreachable(node, words);
            case OUT_OF_RANGE ->
                StepFailure.of(
                        FailureKind.TRANSIENT,
                        "ETCD_REVISION",
                        "etcd member " + node + " cannot " + call + ": " + words,
                        "retry the step: it asks at a newer revision");
            default -> said(node, call, code, words);
        };
    }

    private static StepFailure said(NodeName node, String call, Status.Code code, String words) {
        if (words.equals("etcdserver: can only promote a learner member which is in sync with leader")) {
            return StepFailure.of(
                    FailureKind.TRANSIENT,
                    BEHIND,
                    "etcd member " + node + " cannot " + call + " yet: " + words,
                    "the learner receives what the others have: promote it when it has all");
        }
        return starting(words) ? noQuorum(node, call, words) : refused(node, call, code, words);
    }

    /** etcd's own words for: not yet, or not now. */
    private static boolean starting(String words) {
        return Set.of("etcdserver: not capable", "etcdserver: too many requests")
                .contains(words);
    }

    private static StepFailure refused(NodeName node, String call, Status.Code code, String words) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                REFUSED,
                "etcd member " + node + " refused to " + call + ": " + code + " " + words,
                "look at the log of the etcd pod on " + node);
    }

    static StepFailure unreachable(NodeName node, String why) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                UNREACHABLE,
                "etcd member " + node + " gives no answer: " + why,
                "look at the etcd pod on " + node + ", and whether the node is up");
    }

    private static StepFailure noQuorum(NodeName node, String call, String words) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "ETCD_NO_QUORUM",
                "etcd member " + node + " answers, but cannot " + call + ": " + words,
                "look at the other etcd members: a majority must be up and see each other");
    }

    private static StepFailure untrusted(NodeName node, String words) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                UNTRUSTED,
                "the server at etcd's port of " + node + " does not prove to be that node's etcd: " + words,
                "look at /etc/kubernetes/pki/etcd on " + node
                        + ": server.crt must be signed by ca.crt and name the node");
    }

    private static StepFailure notAccepted(NodeName node, String words) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                UNTRUSTED,
                "etcd member " + node + " does not accept the node's own client certificate: " + words,
                "look at /etc/kubernetes/pki/etcd on " + node
                        + ": healthcheck-client.crt must be valid now and signed by ca.crt");
    }

    private static boolean distrusts(List<Throwable> causes) {
        return first(causes, CertificateException.class).isPresent()
                || first(causes, CertPathValidatorException.class).isPresent();
    }

    private static boolean isDistrusted(List<Throwable> causes) {
        return first(causes, SSLException.class)
                .map(ssl -> String.valueOf(ssl.getMessage()))
                .filter(alert -> alert.contains("certificate") || alert.contains("unknown_ca"))
                .isPresent();
    }

    private static Status.Code statusOf(List<Throwable> causes) {
        if (first(causes, TimeoutException.class).isPresent()) {
            return Status.Code.DEADLINE_EXCEEDED;
        }
        return Status.fromThrowable(causes.get(0)).getCode();
    }

    /** etcd's own words when it spoke; else the innermost message. */
    private static String words(List<Throwable> causes) {
        String description = Status.fromThrowable(causes.get(0)).getDescription();
        if (description != null && description.contains("etcdserver: ")) {
            return oneLine(description.substring(description.indexOf("etcdserver: ")));
        }
        if (statusOf(causes) == Status.Code.DEADLINE_EXCEEDED) {
            return "it is silent";
        }
        for (int at = causes.size() - 1; at >= 0; at--) {
            String message = causes.get(at).getMessage();
            if (message != null && !message.isBlank()) {
                return oneLine(message);
            }
        }
        return causes.get(0).getClass().getSimpleName();
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse(text).strip();
    }

    private static <T> Optional<T> first(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable at = thrown; at != null && !causes.contains(at); at = at.getCause()) {
            causes.add(at);
        }
        return causes;
    }
}
