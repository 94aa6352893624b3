package dev.belay.bench;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's OpenSSH servers on 127.0.1.1 and on, each with an address, host key and configuration of its own; ended and removed when closed. */
final class SshFleet implements AutoCloseable {

    private static final String PROGRAM = "/usr/sbin/sshd";
    private static final int PORT = 22022;

    private final Path folder;
    private final int size;
    private final List<Process> servers = new ArrayList<>();

    private SshFleet(Path folder, int size) {
        this.folder = folder;
        this.size = size;
    }

    static SshFleet start(int size) throws Exception {
        SshFleet fleet = new SshFleet(Files.createTempDirectory("belay-bench-ssh-"), size);
        try {
            fleet.start();
            return fleet;
        } catch (Exception e) {
            fleet.close();
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    /** An inventory with every server as a worker node. {@code folder} is a fleet's, maybe of another process. */
    static Cluster inventory(Path folder, int size) {
        List<Cluster.HostEntry> hosts = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            hosts.add(new Cluster.HostEntry(new NodeName("h" + i), NodeRole.WORKER, address(i), PORT, "", null));
        }
        return new Cluster(
                "fleet",
                "fleet",
                new Reference("file:" + folder.resolve("none")),
                new Cluster.SshAccess(
                        user(),
                        new Reference("file:" + folder.resolve("login")),
                        null,
                        new Reference("file:" + folder.resolve("known_hosts")),
                        null),
                hosts,
                new Cluster.Packages("http://127.0.0.1/{minor}/", "/k.gpg", "/k.list", "1.1"),
                new Cluster.Backups(new Reference("file:" + folder.resolve("backups"))),
                List.of(),
                List.of());
    }

    static String user() {
        return System.getProperty("user.name");
    }

    static int port() {
        return PORT;
    }

    static String address(int i) {
        return "127.0.1." + i;
    }

    private void start() throws Exception {
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file("login"));
        if (user().equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Files.createDirectories(folder.resolve("home"));
        List<String> known = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file("host" + i));
            String[] words =
                    Files.readString(folder.resolve("host" + i + ".pub")).split(" ", -1);
            known.add("[" + address(i) + "]:" + PORT + " " + words[0] + " " + words[1].trim());
            servers.add(server(i));
        }
        Files.write(folder.resolve("known_hosts"), known);
        for (int i = 1; i <= size; i++) {
            awaitListening(address(i));
        }
    }

    /** The login's home is an empty one: what this machine's shells do at their start is no part of the measurement. */
    private Process server(int i) throws IOException {
        Path config = folder.resolve("sshd" + i);
        Files.write(
                config,
                List.of(
                        "ListenAddress " + address(i) + ":" + PORT,
                        "HostKey " + file("host" + i),
                        "AuthorizedKeysFile " + file("login.pub"),
                        "SetEnv HOME=" + file("home"),
                        "Subsystem sftp internal-sftp",
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PermitRootLogin prohibit-password",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no"));
        return new ProcessBuilder(PROGRAM, "-D", "-f", config.toString(), "-E", file("log" + i)).start();
    }

    private static void awaitListening(String address) throws InterruptedException {
        for (int look = 0; ; look++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, PORT), 1000);
                return;
            } catch (IOException e) {
                if (look > 100) {
                    throw new IllegalStateException("no sshd listens on " + address, e);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    static void run(String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(List.of(argv) + " ended with " + process.exitValue());
        }
    }

    /** In a folder, and heard only when it fails. */
    static void quietly(Path folder, String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(List.of(argv) + " ended with " + process.exitValue() + ": " + said);
        }
    }

    @Override
    public void close() throws Exception {
        for (Process server : servers) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly().waitFor();
        }
        Folders.remove(folder);
    }
}
