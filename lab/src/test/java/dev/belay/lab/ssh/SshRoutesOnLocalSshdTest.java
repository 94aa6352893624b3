package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.ssh.LocalForward;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.host.ssh.SshTiming;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ways through: a bastion in front of the host, and ports of ours that lead to the host. */
@Timeout(60)
class SshRoutesOnLocalSshdTest {

    @TempDir
    Path outer;

    @TempDir
    Path inner;

    private LocalSshd bastion;
    private LocalSshd host;

    @BeforeEach
    void start() throws Exception {
        host = LocalSshd.start(inner);
        bastion = LocalSshd.start(outer);
        String known = Files.readString(bastion.file("known_hosts"));
        Files.writeString(host.file("known_hosts"), known, StandardOpenOption.APPEND);
    }

    @AfterEach
    void stop() throws Exception {
        for (LocalSshd sshd : new LocalSshd[] {host, bastion}) {
            if (sshd != null) {
                sshd.close();
            }
        }
    }

    @Test
    void aHostIsReachedThroughTheBastionWithAKeyOfItsOwn() throws Exception {
        try (SshHosts hosts = throughBastion()) {
            assertThat(on(hosts).run(Command.of("printenv", "SSH_CONNECTION")).out())
                    .startsWith("127.0.0.1 ")
                    .endsWith(" 127.0.0.1 " + host.port() + "\n");
        }
    }

    @Test
    void aBastionThatWentAwayIsDialledAgain() throws Exception {
        try (SshHosts hosts = throughBastion()) {
            assertThat(on(hosts).run(Command.of("true")).ok()).isTrue();

            bastion.breakConnections();

            assertThat(on(hosts).run(Command.of("true")).ok()).isTrue();
        }
    }

    @Test
    void aCutHostBehindTheBastionComesBackOverTheSameBastionConnection() throws Exception {
        try (SshHosts hosts = throughBastion()) {
            assertThat(on(hosts).run(Command.of("true")).ok()).isTrue();

            hosts.cut(LocalSshd.NODE);

            assertThat(on(hosts).run(Command.of("true")).ok()).isTrue();
        }
    }

    @Test
    void aHostTheBastionCannotReachIsUnreachable() throws Exception {
        host.close();

        try (SshHosts hosts = throughBastion()) {
            assertThatThrownBy(() -> on(hosts).run(Command.of("true")))
                    .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                        assertThat(thrown.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
                        assertThat(thrown.failure().code()).isEqualTo("UNREACHABLE");
                        assertThat(thrown.failure().why()).contains("from the bastion", "Connection refused");
                    });
        }
    }

    @Test
    void aBastionWithAnUnknownKeyIsRefused() throws Exception {
        String[] lines = Files.readString(host.file("known_hosts")).split("\n", -1);
        Files.writeString(host.file("known_hosts"), lines[0] + "\n");

        try (SshHosts hosts = throughBastion()) {
            assertThatThrownBy(() -> on(hosts).run(Command.of("true")))
                    .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                        assertThat(thrown.failure().code()).isEqualTo("HOST_KEY_UNKNOWN");
                        assertThat(thrown.failure().why()).contains("[127.0.0.1]:" + bastion.port());
                    });
        }
    }

    @Test
    void aForwardLeadsToAPortOfTheHost() throws Exception {
        try (ServerSocket service = serviceSaying("hello");
                SshHosts hosts = host.hosts();
                LocalForward forward = hosts.forward(LocalSshd.NODE, "127.0.0.1", service.getLocalPort())) {
            assertThat(heardAt(forward)).isEqualTo("hello");
            assertThat(heardAt(forward)).isEqualTo("hello");
        }
    }

    @Test
    void aForwardSurvivesAServiceThatIsAway() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        try (SshHosts hosts = host.hosts();
                LocalForward forward = hosts.forward(LocalSshd.NODE, "127.0.0.1", port)) {
            assertThat(heardAt(forward)).isEmpty();

            try (ServerSocket back = serviceSaying("back", port)) {
                assertThat(back.isBound()).isTrue();
                assertThat(heardAt(forward)).isEqualTo("back");
            }
        }
    }

    @Test
    void aForwardOutlivesItsConnection() throws Exception {
        try (ServerSocket service = serviceSaying("hello");
                SshHosts hosts = host.hosts();
                LocalForward forward = hosts.forward(LocalSshd.NODE, "127.0.0.1", service.getLocalPort())) {
            assertThat(heardAt(forward)).isEqualTo("hello");

            host.breakConnections();

            assertThat(heardAt(forward)).isEqualTo("hello");
        }
    }

    @Test
    void aClosedForwardAcceptsNoMore() throws Exception {
        try (SshHosts hosts = host.hosts()) {
            LocalForward forward = hosts.forward(LocalSshd.NODE, "127.0.0.1", 1);

            forward.close();

            assertThatThrownBy(() -> heardAt(forward)).isInstanceOf(IOException.class);
        }
    }

    private SshHosts throughBastion() {
        Cluster.Bastion jump =
                new Cluster.Bastion("127.0.0.1", bastion.port(), LocalSshd.user(), bastion.reference("login"));
        Cluster inventory = host.inventory(host.reference("login"), null, host.reference("known_hosts"), jump);
        return LocalSshd.hosts(inventory, SshTiming.DEFAULT);
    }

    private static Host on(SshHosts hosts) {
        return hosts.on(LocalSshd.NODE);
    }

    private static String heardAt(LocalForward forward) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(forward.address());
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ServerSocket serviceSaying(String word) throws IOException {
        return serviceSaying(word, 0);
    }

    private static ServerSocket serviceSaying(String word, int port) throws IOException {
        ServerSocket service = new ServerSocket(port, 5, InetAddress.getLoopbackAddress());
        Thread server = new Thread(() -> say(service, word.getBytes(StandardCharsets.UTF_8)), "service");
        server.setDaemon(true);
        server.start();
        return service;
    }

    private static void say(ServerSocket service, byte[] word) {
        while (!service.isClosed()) {
            try (Socket socket = service.accept()) {
                socket.getOutputStream().write(word);
            } catch (IOException closed) {
                return;
            }
        }
    }
}
