package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Handshakes with TLS servers as a host reaches them: through a port forward, so that nothing runs on it. A server that wants a client's
 * certificate shows its own before it refuses.
 */
final class TlsHandshakes {

    private static final int PATIENCE_MILLIS = 10_000;

    private final NodeName node;
    private final WebPages.Forwards forwards;

    TlsHandshakes(NodeName node, WebPages.Forwards forwards) {
        this.node = node;
        this.forwards = forwards;
    }

    List<X509Certificate> with(String address, int port) {
        Onlooker onlooker = new Onlooker();
        try (LocalForward forward = forwards.to(address, port);
                Socket plain = new Socket()) {
            plain.connect(forward.address(), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            shake(plain, address, port, onlooker);
        } catch (IOException e) {
            if (onlooker.seen.isEmpty()) {
                throw failed(address, port, e);
            }
        }
        return onlooker.seen;
    }

    private static void shake(Socket plain, String address, int port, Onlooker onlooker) throws IOException {
        try (SSLSocket secure =
                (SSLSocket) context(onlooker).getSocketFactory().createSocket(plain, address, port, false)) {
            secure.startHandshake();
        }
    }

    private static SSLContext context(Onlooker onlooker) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {onlooker}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private StepFailure failed(String address, int port, IOException cause) {
        StepFailure failure = StepFailure.of(
                FailureKind.TRANSIENT,
                "TLS_FAILED",
                address + ":" + port + " gave no TLS handshake by way of " + node + ": " + SshFailures.text(cause),
                "look on " + node + " whether something listens there");
        failure.initCause(cause);
        return failure;
    }

    /** Sees what is presented; whoever asked judges it. */
    private static final class Onlooker implements X509TrustManager {

        private volatile List<X509Certificate> seen = List.of();

        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, String method) {
            throw new IllegalStateException("no server is here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method) {
            seen = List.of(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
