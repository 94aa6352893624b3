package dev.belay.activities.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.activities.Secrets;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server answers that no server of this machine would: sudo that refuses, connections turned away. */
@Timeout(60)
class SshHostAgainstMinaTest {

    private static final NodeName NODE = new NodeName("cp1");

    private static KeyPair host;
    private static KeyPair login;

    @TempDir
    Path folder;

    private final SshServer server = SshServer.setUpDefaultServer();
    private Function<String, Answer> shell = line -> new Answer(0, "", "");

    @BeforeAll
    static void makeKeys() throws Exception {
        host = pair("EC", 256);
        login = pair("RSA", 2048);
    }

    @BeforeEach
    void start() throws Exception {
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator((user, key, session) -> user.equals("ops") && key.equals(login.getPublic()));
        server.setCommandFactory((channel, line) -> new Answering(line));
        server.start();
        Files.writeString(folder.resolve("key"), pem(login));
        Files.setPosixFilePermissions(folder.resolve("key"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("known_hosts"), "127.0.0.1 " + PublicKeyEntry.toString(host.getPublic()) + "\n");
    }

    @AfterEach
    void stop() throws Exception {
        server.stop(true);
    }

    @Test
    void sudoThatAsksForAPasswordIsRefusedByName() {
        shell = line -> line.contains("sudo")
                ? new Answer(1, "", "sudo: a password is required\n")
                : new Answer(0, "/usr/lib/openssh/sftp-server\n", "");

        for (Use use : List.<Use>of(
                host -> host.run(Command.root("id", "-u")),
                host -> host.read("/etc/shadow"),
                host -> host.write("/etc/x", new byte[1], FileAttributes.ROOT_ONLY),
                host -> host.list(List.of("/etc")),
                host -> host.hasJob("key"),
                host -> host.job(new Job("key", List.of("true"), Map.of(), Duration.ofSeconds(9)), () -> {}))) {
            Failure failure = failure(server.getPort(), use);

            assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
            assertThat(failure.code()).isEqualTo("SUDO_REFUSED");
            assertThat(failure.why()).contains("cp1", "ops@127.0.0.1");
            assertThat(failure.next()).contains("NOPASSWD");
        }
    }

    @Test
    void aWarningOfSudoIsNoRefusal() {
        shell = line -> new Answer(1, "no\n", "sudo: unable to resolve host cp1: Name or service not known\n");

        try (SshHosts hosts = hosts(server.getPort())) {
            assertThat(hosts.on(NODE).run(Command.root("false")).exit()).isEqualTo(1);
        }
    }

    @Test
    void aCommandWithoutRootDoesNotPassSudo() {
        shell = line -> new Answer(0, line, "");

        try (SshHosts hosts = hosts(server.getPort())) {
            assertThat(hosts.on(NODE).run(Command.of("id", "-u")).out()).isEqualTo("env 'id' '-u'");
            assertThat(hosts.on(NODE).run(Command.root("id", "-u")).out())
                    .isEqualTo("env LC_ALL=C sudo -n -- env 'id' '-u'");
        }
    }

    @Test
    void aHostWithoutAnSftpServerIsNamed() {
        shell = line -> new Answer(2, "", "ls: cannot access\n");

        assertThat(failure(server.getPort(), host -> host.read("/etc/hostname")).code())
                .isEqualTo("NO_SFTP_SERVER");
    }

    @Test
    void aListingThatWasNotAllowedIsNoEmptyListing() {
        shell = line -> new Answer(1, "", "find: '/root': Permission denied\n");

        assertThat(failure(server.getPort(), host -> host.list(List.of("/root")))
                        .code())
                .isEqualTo("FILE_REFUSED");
    }

    @Test
    void aRunnerThatFailsMayBeTriedAgain() {
        shell = line -> new Answer(71, "", "systemd does not say whether it runs\n");

        Failure failure = failure(
                server.getPort(),
                host -> host.job(new Job("key", List.of("true"), Map.of(), Duration.ofSeconds(9)), () -> {}));

        assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
        assertThat(failure.code()).isEqualTo("JOB_RUNNER_FAILED");
        assertThat(failure.evidence()).contains("systemd does not say");
    }

    @Test
    void aServerThatTurnsUsAwayIsExplained() throws Exception {
        try (ServerSocket deaf = hangingUp()) {
            Failure failure = failure(deaf.getLocalPort(), host -> host.run(Command.of("true")));

            assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(failure.code()).isEqualTo("UNREACHABLE");
            assertThat(failure.why()).contains("PerSourcePenalties");
        }
    }

    private Failure failure(int port, Use use) {
        try (SshHosts hosts = hosts(port)) {
            Throwable thrown = catchThrowable(() -> use.of(hosts.on(NODE)));
            assertThat(thrown).isInstanceOf(StepFailure.class);
            return ((StepFailure) thrown).failure();
        }
    }

    private SshHosts hosts(int port) {
        Reference known = new Reference("file:" + folder.resolve("known_hosts"));
        Reference key = new Reference("file:" + folder.resolve("key"));
        return new SshHosts(
                new Cluster(
                        "lab",
                        "lab",
                        key,
                        new Cluster.SshAccess("ops", key, null, known, null),
                        List.of(new Cluster.HostEntry(NODE, NodeRole.CONTROL_PLANE, "127.0.0.1", port, "", null)),
                        new Cluster.Packages("http://127.0.0.1/{minor}/", "/k.gpg", "/k.list", "1.1"),
                        new Cluster.Backups(key),
                        List.of(),
                        List.of()),
                new Secrets(Map.of()));
    }

    private static ServerSocket hangingUp() throws IOException {
        ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread hangingUp = new Thread(
                () -> {
                    while (!listener.isClosed()) {
                        try {
                            java.net.Socket caller = listener.accept();
                            caller.getInputStream().read(new byte[256]);
                            caller.close();
                        } catch (IOException closed) {
                            return;
                        }
                    }
                },
                "hanging-up");
        hangingUp.setDaemon(true);
        hangingUp.start();
        return listener;
    }

    private static KeyPair pair(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair key) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.getPrivate().getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    /** Something done with a host. */
    @FunctionalInterface
    private interface Use {
        void of(Host host);
    }

    private record Answer(int exit, String out, String err) {}

    private final class Answering extends AbstractCommandSupport {

        private Answering(String line) {
            super(line, null);
        }

        @Override
        public void run() {
            try {
                Answer answer = shell.apply(getCommand());
                getOutputStream().write(answer.out().getBytes(StandardCharsets.UTF_8));
                getErrorStream().write(answer.err().getBytes(StandardCharsets.UTF_8));
                getOutputStream().flush();
                getErrorStream().flush();
                onExit(answer.exit());
            } catch (IOException e) {
                onExit(255, e.getMessage());
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            onExit(255);
        }
    }
}
