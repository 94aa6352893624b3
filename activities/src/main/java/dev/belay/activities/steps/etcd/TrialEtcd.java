package dev.belay.activities.steps.etcd;

import dev.belay.activities.StepClock;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.etcd.EtcdProgram.Mount;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One etcd member alone on a node's loopback, as a transient unit with an end of its own. It has the node's own server certificate and asks
 * for one of a client: what it holds is everything the cluster keeps secret.
 *
 * @param program what it runs
 * @param folder that it sees
 * @param unit its name, and its container's
 */
public record TrialEtcd(
        Host host, EtcdProgram program, String folder, String unit, StepClock clock, Runnable heartbeat) {

    /** What it is called among the members of its own cluster. */
    public static final String NAME = "drill";

    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration COMING_UP = Duration.ofMinutes(2);
    private static final int LIFE_SECONDS = 900;
    private static final int FIRST_PORT = 23_790;
    private static final int PORTS = 200;
    private static final String PKI = "/etc/kubernetes/pki/etcd/";
    private static final int NOT_LOADED = 5;

    /** Where it listens, on loopback only. */
    public record Ports(int client, int peer) {

        public String clientUrl() {
            return "https://127.0.0.1:" + client;
        }

        public String peerUrl() {
            return "https://127.0.0.1:" + peer;
        }
    }

    /** Two ports that nobody listens on. */
    public Ports freePorts() {
        Set<Integer> taken = run("ss", "-Hltn")
                .out()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3)
                .map(words -> words[3].substring(words[3].lastIndexOf(':') + 1))
                .filter(port -> port.matches("\\d{1,5}"))
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
        List<Integer> free = IntStream.range(FIRST_PORT, FIRST_PORT + PORTS)
                .filter(port -> !taken.contains(port))
                .limit(2)
                .boxed()
                .toList();
        if (free.size() < 2) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "NO_FREE_PORT",
                    host.node() + " listens on every port from " + FIRST_PORT + " on",
                    "look at what holds them");
        }
        return new Ports(free.get(0), free.get(1));
    }

    /**
     * Starts it on a restored data directory.
     *
     * @param etcd the host's own member, whose certificates it takes
     */
    public void start(Optional<EtcdSettings> etcd, String dataDir, Ports ports) {
        String certificate = flag(etcd, "--cert-file", PKI + "server.crt");
        String authority = flag(etcd, "--trusted-ca-file", PKI + "ca.crt");
        String key = flag(etcd, "--key-file", PKI + "server.key");
        List<String> flags = new ArrayList<>(List.of(
                "--name=" + NAME,
                "--data-dir=" + dataDir,
                "--listen-client-urls=" + ports.clientUrl(),
                "--advertise-client-urls=" + ports.clientUrl(),
                "--listen-peer-urls=" + ports.peerUrl(),
                "--log-level=warn"));
        for (String side : List.of("--", "--peer-")) {
            flags.add(side + "cert-file=" + certificate);
            flags.add(side + "key-file=" + key);
            flags.add(side + "trusted-ca-file=" + authority);
            flags.add(side + "client-cert-auth=true");
        }
        List<Mount> mounts = new ArrayList<>(List.of(new Mount(folder, true)));
        List.of(certificate, authority, key).stream()
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .distinct()
                .forEach(path -> mounts.add(new Mount(path, false)));
        List<String> argv = new ArrayList<>(List.of(
                "systemd-run", "--quiet", "--collect", "--unit=" + unit, "-p", "RuntimeMaxSec=" + LIFE_SECONDS));
        argv.addAll(program.server(unit, mounts, flags));
        run(argv.toArray(String[]::new));
    }

    /** Waits until it answers; says so when its unit has ended instead. */
    public void await(ScratchMember member) {
        Instant end = clock.now().plus(COMING_UP);
        while (true) {
            try {
                member.status();
                return;
            } catch (StepFailure e) {
                if (e.failure().kind() != FailureKind.TRANSIENT || !clock.now().isBefore(end) || !isActive()) {
                    throw notUp(e);
                }
            }
            heartbeat.run();
            clock.sleep(PAUSE);
        }
    }

    /** Ends it, and takes away what a killed one left; does nothing when there is nothing. */
    public void end() {
        CommandOutput stopped = host.run(Command.root("systemctl", "stop", unit).within(SHORT.multipliedBy(3)));
        if (!stopped.ok() && stopped.exit() != NOT_LOADED) {
            throw failed("systemctl stop " + unit, stopped);
        }
        if (program.image().isEmpty()) {
            return;
        }
        CommandOutput containers = host.run(Command.root("ctr", "-n", "k8s.io", "containers", "ls", "-q"));
        if (containers.ok() && containers.out().lines().anyMatch(unit::equals)) {
            host.run(Command.root("ctr", "-n", "k8s.io", "tasks", "delete", "-f", unit));
            run("ctr", "-n", "k8s.io", "containers", "delete", unit);
        }
    }

    private boolean isActive() {
        return host.run(Command.root("systemctl", "is-active", unit)).ok();
    }

    private StepFailure notUp(StepFailure e) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "DRILL_NOT_UP",
                host.node() + ": the restored etcd did not come up: "
                        + e.failure().why(),
                "`journalctl -u " + unit + "` on " + host.node() + " says what it said");
    }

    private static String flag(Optional<EtcdSettings> etcd, String name, String otherwise) {
        return etcd.flatMap(own -> own.flag(name)).orElse(otherwise);
    }

    private CommandOutput run(String... argv) {
        CommandOutput output = host.run(Command.root(argv).within(SHORT));
        if (!output.ok()) {
            throw failed(argv[0], output);
        }
        return output;
    }

    private StepFailure failed(String what, CommandOutput output) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "COMMAND_FAILED",
                host.node() + ": " + what + " ended with " + output.exit() + ": "
                        + (output.out() + output.err()).strip(),
                "run it by hand on " + host.node());
    }
}
