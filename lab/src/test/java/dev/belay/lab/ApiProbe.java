package dev.belay.lab;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks the API once a second through the load balancer, as a client would, and counts what failed. */
final class ApiProbe implements AutoCloseable {

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(4);
    private final HttpClient http;
    private final URI readyz;

    ApiProbe(URI server) throws Exception {
        readyz = server.resolve("/readyz");
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new AnyServer()}, new SecureRandom());
        http = HttpClient.newBuilder()
                .sslContext(tls)
                .sslParameters(new SSLParameters())
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        var unused = clock.scheduleAtFixedRate(() -> clock.execute(this::ask), 0, 1, TimeUnit.SECONDS);
    }

    private void ask() {
        asked.incrementAndGet();
        try {
            HttpRequest request = HttpRequest.newBuilder(readyz)
                    .timeout(Duration.ofSeconds(3))
                    .build();
            if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
                failed.incrementAndGet();
            }
        } catch (java.io.IOException noAnswer) {
            failed.incrementAndGet();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    int asked() {
        return asked.get();
    }

    int failed() {
        return failed.get();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** The probe measures whether something answers; who answers is the contract suites' matter. */
    private static final class AnyServer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
