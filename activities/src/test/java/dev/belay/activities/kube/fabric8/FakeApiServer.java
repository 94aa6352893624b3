package dev.belay.activities.kube.fabric8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.belay.activities.fake.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** An API server that says what a test tells it to, over mutual TLS, and remembers what it was asked. */
final class FakeApiServer implements AutoCloseable {

    /** A request as it came. */
    record Asked(String method, String path, String query, String body, String serial, int port) {

        String line() {
            return method + " " + path;
        }
    }

    /** An answer; {@code missing} bytes are announced and never sent, {@code held} means that the rest is never sent either nor the connection ended. */
    record Says(int code, Map<String, String> headers, String body, int missing, boolean held) {

        static Says ok(String json) {
            return new Says(200, Map.of(), json, 0, false);
        }

        static Says code(int code, String body) {
            return new Says(code, Map.of(), body, 0, false);
        }

        static Says status(int code, String reason, String message) {
            return code(code, """
                    {"kind":"Status","apiVersion":"v1","status":"Failure","message":"%s","reason":"%s","code":%d}""".formatted(message, reason, code));
        }

        Says with(String header, String value) {
            return new Says(code, Map.of(header, value), body, missing, held);
        }

        Says cutShort() {
            return new Says(code, headers, body, 100, false);
        }

        Says neverFinished() {
            return new Says(code, headers, body, 100, true);
        }
    }

    private static final TestAuthority AUTHORITY = new TestAuthority();
    private static final TestAuthority OTHER = new TestAuthority();
    private static final TestAuthority.Issued CLIENT = AUTHORITY.client();

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Says>> answers = new LinkedHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;

    FakeApiServer() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(demanding(AUTHORITY.server("cp1").tls(AUTHORITY.authority())));
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private static HttpsConfigurator demanding(SSLContext tls) {
        return new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        };
    }

    /** The answers to a request, in turn; the last one stays. The path may be followed by the beginning of a query. */
    FakeApiServer on(String request, Says... says) {
        answers.put(request, new ArrayDeque<>(List.of(says)));
        return this;
    }

    int port() {
        return server.getAddress().getPort();
    }

    byte[] kubeconfig() {
        return kubeconfig("https://127.0.0.1:" + port());
    }

    /** The same with a new certificate, as kubeadm renews it. */
    byte[] renewedKubeconfig() {
        return kubeconfig("https://127.0.0.1:" + port(), AUTHORITY.authority(), AUTHORITY.client());
    }

    /** One that leads here but trusts another cluster's authority. */
    byte[] kubeconfigOfAnotherCluster() {
        return kubeconfig("https://127.0.0.1:" + port(), OTHER.authority(), CLIENT);
    }

    byte[] kubeconfig(String url) {
        return kubeconfig(url, AUTHORITY.authority(), CLIENT);
    }

    private static byte[] kubeconfig(String url, String trusted, TestAuthority.Issued client) {
        return """
                apiVersion: v1
                kind: Config
                current-context: admin@test
                clusters: [{name: test, cluster: {server: '%s', certificate-authority-data: %s}}]
                contexts: [{name: admin@test, context: {cluster: test, user: admin}}]
                users: [{name: admin, user: {client-certificate-data: %s, client-key-data: %s}}]
                """.formatted(url, base64(trusted), base64(client.certificate()), base64(client.key()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void serve(HttpExchange exchange) throws IOException {
        Asked request = new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                String.valueOf(exchange.getRequestURI().getQuery()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                serial((HttpsExchange) exchange),
                exchange.getRemoteAddress().getPort());
        asked.add(request);
        try (exchange) {
            send(exchange, answerTo(request));
        }
    }

    private static String serial(HttpsExchange exchange) throws SSLPeerUnverifiedException {
        return ((X509Certificate) exchange.getSSLSession().getPeerCertificates()[0])
                .getSerialNumber()
                .toString();
    }

    private synchronized Says answerTo(Asked request) {
        Deque<Says> says = answers.get(request.line());
        if (says == null) {
            return Says.status(404, "NotFound", "the fake knows no " + request.line());
        }
        return says.size() > 1 ? says.poll() : says.peek();
    }

    private void send(HttpExchange exchange, Says says) throws IOException {
        byte[] body = says.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        says.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(says.code(), body.length == 0 ? -1 : body.length + says.missing());
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
        }
        if (says.held()) {
            hold();
        }
    }

    private void hold() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
