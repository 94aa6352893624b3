package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;

/** What the library's exceptions mean to a person, and to the engine. */
final class SshFailures {

    private SshFailures() {}

    /** Why no connection came to be. */
    static StepFailure dialing(SshEndpoint endpoint, Throwable thrown) {
        if (wasTurnedAway(thrown)) {
            return unreachable(
                    endpoint,
                    "closes the connection before saying who it is: sshd turns this address away for a while"
                            + " (PerSourcePenalties after failed logins, or MaxStartups)",
                    "wait half a minute; look for failed logins from here in the host's sshd log");
        }
        if (cause(thrown, UserAuthException.class).isPresent()
                && cause(thrown, TransportException.class).isEmpty()) {
            return StepFailure.of(
                    FailureKind.PERMANENT,
                    "AUTH_FAILED",
                    endpoint + " does not accept the key " + endpoint.key(),
                    "check the user, the key and its line in authorized_keys");
        }
        if (text(thrown).contains("Unable to reach a settlement")) {
            return StepFailure.of(
                    FailureKind.PERMANENT,
                    "NO_COMMON_ALGORITHM",
                    endpoint + " offers no algorithm that we use: " + text(thrown),
                    "enable curve25519-sha256, aes128-gcm and hmac-sha2-256-etm in its sshd");
        }
        if (text(thrown).contains("certificate check failed")) {
            return StepFailure.of(
                    FailureKind.PERMANENT,
                    "HOST_CERTIFICATE_REFUSED",
                    endpoint + " shows a host certificate that is not for it: " + text(thrown),
                    "name the host by one of the certificate's principals in the inventory");
        }
        return unreachable(
                endpoint, reason(thrown), "see whether the host is up, sshd runs, and the network lets us in");
    }

    /** sshd accepted the connection and hung up without a word. */
    static boolean wasTurnedAway(Throwable thrown) {
        return text(thrown).contains("Server closed connection during identification exchange");
    }

    /** The connection went away while something was under way. */
    static StepFailure lost(SshEndpoint endpoint, String during, String why) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "CONNECTION_LOST",
                endpoint + ": the connection was lost during " + during + (why.isEmpty() ? "" : " (" + why + ")")
                        + "; it may have happened",
                "see whether the host is up");
    }

    static StepFailure interrupted(SshEndpoint endpoint, String during) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "INTERRUPTED",
                endpoint + ": we were told to stop during " + during,
                "nothing: it goes on where it was");
    }

    /** The library's own words, from the innermost cause. */
    static String text(Throwable thrown) {
        Throwable inner = thrown;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message == null ? inner.getClass().getSimpleName() : message;
    }

    private static StepFailure unreachable(SshEndpoint endpoint, String why, String next) {
        return StepFailure.of(FailureKind.TRANSIENT, "UNREACHABLE", endpoint + " " + why, next);
    }

    private static String reason(Throwable thrown) {
        if (cause(thrown, OpenFailException.class).isPresent()) {
            return "cannot be reached from the bastion: " + text(thrown);
        }
        if (cause(thrown, UnknownHostException.class).isPresent()) {
            return "has an address that does not resolve";
        }
        if (cause(thrown, NoRouteToHostException.class).isPresent()) {
            return "cannot be routed to";
        }
        if (cause(thrown, ConnectException.class).isPresent()) {
            return "refuses connections";
        }
        if (cause(thrown, SocketTimeoutException.class).isPresent()) {
            return "does not answer (" + text(thrown) + ")";
        }
        return "cannot be reached: " + text(thrown);
    }

    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause() == t ? null : t.getCause()) {
            if (type.isInstance(t)) {
                return Optional.of(type.cast(t));
            }
        }
        return Optional.empty();
    }
}
