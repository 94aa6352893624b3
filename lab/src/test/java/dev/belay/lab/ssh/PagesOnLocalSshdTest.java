package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of a web server that are fetched by way of a real OpenSSH server. */
@Tag("sshd")
@Timeout(60)
class PagesOnLocalSshdTest {

    @TempDir
    Path folder;

    private LocalSshd sshd;
    private SshHosts hosts;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        sshd = LocalSshd.start(folder);
        hosts = sshd.hosts();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        server.createContext("/page", exchange -> answer(exchange, 200, "by " + exchange.getRequestMethod()));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/page");
            answer(exchange, 302, "");
        });
        server.createContext("/circle", exchange -> {
            exchange.getResponseHeaders().add("Location", "/circle");
            answer(exchange, 301, "");
        });
        server.createContext("/broken", exchange -> answer(exchange, 500, "no"));
        server.createContext("/large", exchange -> answer(exchange, 200, "x".repeat((8 << 20) + 1)));
        server.createContext("/cut", PagesOnLocalSshdTest::cut);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (sshd != null) {
            server.stop(0);
            hosts.close();
            sshd.close();
        }
    }

    @Test
    void aPageIsFetchedAndNothingRunsOnTheHost() {
        assertThat(hosts.on(LocalSshd.NODE).fetch(at("/page")))
                .hasValueSatisfying(page -> assertThat(page).asString().isEqualTo("by GET"));
        assertThat(hosts.on(LocalSshd.NODE).fetch(at("/moved")))
                .hasValueSatisfying(page -> assertThat(page).asString().isEqualTo("by GET"));
    }

    @Test
    void aPageThatIsNotThereIsNone() {
        assertThat(hosts.on(LocalSshd.NODE).fetch(at("/nothing"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/broken, status 500",
        "/circle, leads elsewhere more than 3 times",
        "/large, larger than 8 MB",
        "/cut, cut off after 3 of 100 bytes"
    })
    void whatIsNoPageIsExplained(String path, String words) {
        assertThatThrownBy(() -> hosts.on(LocalSshd.NODE).fetch(at(path)))
                .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                    assertThat(thrown.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
                    assertThat(thrown.failure().why()).contains(path, LocalSshd.NODE.value(), words);
                });
    }

    @Test
    void aServerOfAnotherProtocolIsNamed() {
        URI sshServer = URI.create("http://127.0.0.1:" + sshd.port() + "/");

        assertThatThrownBy(() -> hosts.on(LocalSshd.NODE).fetch(sshServer))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining(sshServer.toString());
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void cut(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().write("abc".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        exchange.close();
    }
}
