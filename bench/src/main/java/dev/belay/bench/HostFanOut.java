package dev.belay.bench;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.inventory.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Commands on many hosts, one after the other on each, all hosts at once: Belay's own hosts, in this process and in a fresh one, against ssh
 * with ControlMaster and against Ansible; in turn. {@code hosts [rounds] [ansible rounds]}; {@code BENCH_ANSIBLE} is a virtual environment
 * with ansible-core, made when it is not there.
 */
final class HostFanOut {

    static final String ONCE = "hosts-once";

    private static final int HOSTS = 50;
    private static final int COMMANDS = 10;

    private final SshFleet fleet;
    private final SshPeers peers;
    private final Path ansible;
    private Figures warm = Figures.none();
    private Figures fresh = Figures.none();
    private Figures ssh = Figures.none();
    private Figures raw = Figures.none();
    private Figures command = Figures.none();

    private HostFanOut(SshFleet fleet, Path ansible) throws Exception {
        this.fleet = fleet;
        this.peers = new SshPeers(fleet.folder(), HOSTS, COMMANDS);
        this.ansible = ansible;
    }

    static void measure(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        int withAnsible = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path ansible = withAnsible > 0 ? ansible() : Path.of("none");
        Table.machine();
        try (SshFleet fleet = SshFleet.start(HOSTS)) {
            HostFanOut program = new HostFanOut(fleet, ansible);
            commands(fleet.folder());
            for (int round = 1; round <= rounds; round++) {
                program.round(round % 2 == 0, round <= withAnsible);
                Table.say("round " + round + " of " + rounds + " done");
            }
            program.print();
        }
    }

    /** The whole of it in a process of its own. */
    static void once(String[] args) throws Exception {
        commands(Path.of(args[0]));
    }

    private void round(boolean backwards, boolean withAnsible) throws Exception {
        if (backwards) {
            ansible(withAnsible);
            ssh = ssh.with(peers.openSsh());
            belay();
        } else {
            belay();
            ssh = ssh.with(peers.openSsh());
            ansible(withAnsible);
        }
    }

    private void belay() throws Exception {
        warm = warm.with(commands(fleet.folder()));
        long began = System.nanoTime();
        SshFleet.run(Child.command(ONCE, fleet.folder().toString()).toArray(String[]::new));
        fresh = fresh.with((System.nanoTime() - began) / 1e9);
    }

    private void ansible(boolean wanted) throws Exception {
        if (wanted) {
            raw = raw.with(peers.ansible(ansible, "raw.yml"));
            command = command.with(peers.ansible(ansible, "command.yml"));
        }
    }

    private static double commands(Path folder) throws Exception {
        Cluster inventory = SshFleet.inventory(folder, HOSTS);
        ExecutorService pool = Executors.newFixedThreadPool(HOSTS);
        try (SshHosts hosts = new SshHosts(inventory, new Secrets(Map.of()))) {
            long began = System.nanoTime();
            List<Callable<Boolean>> all = inventory.hosts().stream()
                    .map(entry -> (Callable<Boolean>) () -> run(hosts.on(entry.node())))
                    .toList();
            for (Future<Boolean> one : pool.invokeAll(all)) {
                one.get();
            }
            return (System.nanoTime() - began) / 1e9;
        } finally {
            pool.shutdownNow();
        }
    }

    private static boolean run(Host host) {
        for (int i = 0; i < COMMANDS; i++) {
            CommandOutput output = host.run(Command.of("/bin/true"));
            if (output.exit() != 0) {
                throw new IllegalStateException(host.node() + ": " + output.err());
            }
        }
        return true;
    }

    private static Path ansible() throws Exception {
        String given = System.getenv("BENCH_ANSIBLE");
        Path environment = given == null ? Files.createTempDirectory("belay-bench-ansible-") : Path.of(given);
        Path program = environment.resolve("bin/ansible-playbook");
        if (!Files.isExecutable(program)) {
            Table.say("ansible-core is installed into " + environment);
            SshFleet.run("python3", "-m", "venv", environment.toString());
            SshFleet.run(environment.resolve("bin/pip").toString(), "install", "-q", "ansible-core");
        }
        return program;
    }

    private void print() {
        Table.head(
                COMMANDS + " commands on each of " + HOSTS + " hosts",
                "took",
                "Belay, fresh process, to it",
                "Belay, warm, to it");
        row("Belay, warm process, connections made anew", warm);
        row("Belay, fresh process with its start", fresh);
        row("ssh with ControlMaster, xargs -P" + HOSTS, ssh);
        List<String> names = new ArrayList<>(List.of("Ansible, raw", "Ansible, command"));
        for (Figures figures : List.of(raw, command)) {
            String name = names.remove(0);
            if (!figures.values().isEmpty()) {
                row(name + ", forks " + HOSTS + ", pipelining, ControlPersist", figures);
            }
        }
    }

    private void row(String name, Figures figures) {
        Table.row(
                name,
                figures.text(" s"),
                fresh.over(figures).text(""),
                warm.over(figures).text(""));
    }
}
