package dev.belay.lab.ssh;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.host.ssh.SshTiming;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Debian's OpenSSH server on loopback, with keys and a configuration of its own in a folder of the test's, ended with the test. */
final class LocalSshd implements AutoCloseable {

    static final NodeName NODE = new NodeName("local");

    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

    private final Path folder;
    private final int port;
    private final Process listener;

    private LocalSshd(Path folder, int port, Process listener) {
        this.folder = folder;
        this.port = port;
        this.listener = listener;
    }

    static LocalSshd start(Path folder, String... settings) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "openssh-server is not installed: there is no " + PROGRAM);
        int port = freePort();
        keygen(folder.resolve("host"), "ed25519");
        keygen(folder.resolve("login"), "ed25519");
        Files.copy(folder.resolve("login.pub"), folder.resolve("authorized_keys"));
        Files.writeString(folder.resolve("known_hosts"), knownHost(port, folder.resolve("host.pub")));
        List<String> config = new ArrayList<>(List.of(
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + folder.resolve("host"),
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "PermitRootLogin prohibit-password",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no"));
        config.addAll(List.of(settings));
        Files.write(folder.resolve("sshd_config"), config);
        if (user().equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        return new LocalSshd(folder, port, listening(folder.resolve("sshd_config")));
    }

    static String user() {
        return System.getProperty("user.name");
    }

    static void assumeRoot() {
        Assumptions.assumeTrue(user().equals("root"), "the test does not run as root, and sudo is not set up here");
    }

    static void keygen(Path file, String type, String... more) throws Exception {
        List<String> argv = new ArrayList<>(List.of("ssh-keygen", "-q", "-t", type, "-f", file.toString()));
        argv.addAll(more.length == 0 ? List.of("-N", "") : List.of(more));
        run(argv);
    }

    static void run(List<String> argv) throws Exception {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(argv + ": " + output);
        }
    }

    static String knownHost(int port, Path publicKey) throws IOException {
        String[] words = Files.readString(publicKey).split(" ", -1);
        return "[127.0.0.1]:" + port + " " + words[0] + " " + words[1].trim() + "\n";
    }

    int port() {
        return port;
    }

    Path folder() {
        return folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Reference reference(String name) {
        return new Reference("file:" + folder.resolve(name));
    }

    /** An inventory with this server as its only host. */
    Cluster inventory() {
        return inventory(reference("login"), null, reference("known_hosts"), null);
    }

    Cluster inventory(
            Reference key, @Nullable Reference passphrase, Reference knownHosts, Cluster.@Nullable Bastion bastion) {
        return new Cluster(
                "local",
                "local",
                reference("kubeconfig"),
                new Cluster.SshAccess(user(), key, passphrase, knownHosts, bastion),
                List.of(new Cluster.HostEntry(NODE, NodeRole.WORKER, "127.0.0.1", port, "", null)),
                new Cluster.Packages("http://127.0.0.1/{minor}/", "/k.gpg", "/k.list", "1.1"),
                new Cluster.Backups(reference("backups")),
                List.of(),
                List.of());
    }

    SshHosts hosts() {
        return hosts(inventory(), SshTiming.DEFAULT);
    }

    static SshHosts hosts(Cluster inventory, SshTiming timing) {
        return new SshHosts(inventory, new Secrets(Map.of()), timing, Clock.systemUTC());
    }

    /** Kills the processes that serve connections: the connections break at once. */
    void breakConnections() {
        listener.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** Processes of a program that serve connections. */
    List<ProcessHandle> running(String program) {
        return listener.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/" + program))
                .toList();
    }

    /** Stops the listener: the kernel goes on accepting, nobody answers. */
    void freezeListener() throws Exception {
        signal("STOP", listener.toHandle());
    }

    /** Stops the processes that serve connections: they stay open and silent. */
    void freezeConnections() throws Exception {
        for (ProcessHandle child : listener.descendants().toList()) {
            signal("STOP", child);
        }
    }

    @Override
    public void close() throws Exception {
        listener.descendants().forEach(ProcessHandle::destroyForcibly);
        listener.destroyForcibly().waitFor();
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        run(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    private static Process listening(Path config) throws IOException {
        Process process = new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains("Server listening on")) {
                drain(log);
                return process;
            }
        }
        throw new IllegalStateException("sshd did not start: " + said);
    }

    private static void drain(BufferedReader log) {
        Thread reader = new Thread(
                () -> {
                    try {
                        log.transferTo(Writer.nullWriter());
                    } catch (IOException ended) {
                        return;
                    }
                },
                "sshd-log");
        reader.setDaemon(true);
        reader.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
