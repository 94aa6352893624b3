package dev.belay.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The same work by the programs that people would use instead; each as it is fast: connections kept, all hosts at once, few round trips. */
final class SshPeers {

    private static final long PATIENCE_MINUTES = 15;

    private final Path folder;
    private final int hosts;
    private final int commands;
    private final Path sockets;

    SshPeers(Path folder, int hosts, int commands) throws IOException {
        this.folder = folder;
        this.hosts = hosts;
        this.commands = commands;
        this.sockets = Files.createDirectories(folder.resolve("s"));
        Files.writeString(folder.resolve("many.sh"), many());
        Files.write(folder.resolve("addresses"), addresses());
        Files.writeString(folder.resolve("hosts.ini"), inventory());
        Files.writeString(folder.resolve("ansible.cfg"), settings());
        Files.writeString(folder.resolve("command.yml"), playbook("ansible.builtin.command: /bin/true"));
        Files.writeString(folder.resolve("raw.yml"), playbook("ansible.builtin.raw: /bin/true"));
    }

    /** ssh, one process a command, over one connection a host. */
    double openSsh() throws Exception {
        String xargs =
                "xargs -P " + hosts + " -n 1 sh " + folder.resolve("many.sh") + " <" + folder.resolve("addresses");
        return timed(Map.of(), "sh", "-c", xargs);
    }

    /** ansible-playbook with a playbook of so many tasks. */
    double ansible(Path program, String playbook) throws Exception {
        Map<String, String> environment = Map.of(
                "ANSIBLE_CONFIG", folder.resolve("ansible.cfg").toString(),
                "ANSIBLE_HOME", folder.resolve("ansible").toString(),
                "LC_ALL", "C.UTF-8");
        return timed(
                environment,
                program.toString(),
                "-i",
                folder.resolve("hosts.ini").toString(),
                folder.resolve(playbook).toString());
    }

    private double timed(Map<String, String> environment, String... argv) throws Exception {
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        double took = (System.nanoTime() - began) / 1e9;
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(List.of(argv) + " failed: " + Files.readString(said));
        }
        hangUp();
        return took;
    }

    /** Ends the connections that are kept, so that each round makes its own. */
    private void hangUp() throws IOException, InterruptedException {
        try (DirectoryStream<Path> kept = Files.newDirectoryStream(sockets)) {
            for (Path socket : kept) {
                new ProcessBuilder("ssh", "-O", "exit", "-o", "ControlPath=" + socket, "x")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
        }
    }

    private String options() {
        return "-o ControlMaster=auto -o ControlPersist=60s -o BatchMode=yes -o StrictHostKeyChecking=yes"
                + " -o UserKnownHostsFile=" + folder.resolve("known_hosts") + " -o IdentitiesOnly=yes -F none";
    }

    private String many() {
        String ssh = "ssh " + options() + " -o ControlPath=" + sockets.resolve("%C") + " -i " + folder.resolve("login")
                + " -p " + SshFleet.port() + " " + SshFleet.user() + "@\"$1\" /bin/true </dev/null || exit 255\n";
        return ssh.repeat(commands);
    }

    private List<String> addresses() {
        return IntStream.rangeClosed(1, hosts).mapToObj(SshFleet::address).toList();
    }

    private String inventory() {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= hosts; i++) {
            lines.add("h" + i + " ansible_host=" + SshFleet.address(i) + " ansible_port=" + SshFleet.port()
                    + " ansible_user=" + SshFleet.user() + " ansible_ssh_private_key_file=" + folder.resolve("login")
                    + " ansible_python_interpreter=/usr/bin/python3");
        }
        return String.join("\n", lines) + "\n";
    }

    private String settings() {
        return "[defaults]\nforks = " + hosts + "\ngathering = explicit\nstrategy = free\nhost_key_checking = true\n"
                + "stdout_callback = minimal\n[ssh_connection]\npipelining = true\ncontrol_path_dir = " + sockets
                + "\ncontrol_path = %(directory)s/%%C\nssh_args = " + options() + "\n";
    }

    private String playbook(String task) {
        return "- hosts: all\n  gather_facts: false\n  tasks:\n" + ("    - " + task + "\n").repeat(commands);
    }
}
