package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import dev.belay.twin.etcd.DataDirectory;
import dev.belay.twin.etcd.Database;
import dev.belay.twin.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Transient units of a node: throw-away etcd members, each over its time on its own. */
public final class Units {

    private static final List<String> RUN = List.of("systemd-run", "--quiet", "--collect");
    private static final Pattern UNIT = Pattern.compile("--unit=(belay-[a-z0-9-]+)");
    private static final Pattern LIFE = Pattern.compile("RuntimeMaxSec=(\\d+)");
    private static final Pattern PORT = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)");
    private static final Duration STARTING = Duration.ofSeconds(2);
    private static final String LOOPBACK = "LISTEN 0      4096       127.0.0.1:%s      0.0.0.0:*\n";

    private final Files files;
    private final Containers containers;
    private final VirtualTime time;
    private final Map<String, Trial> trials = new TreeMap<>();

    Units(Files files, Containers containers, VirtualTime time) {
        this.files = files;
        this.containers = containers;
        this.time = time;
    }

    /** A member that runs alone: what it holds, and up to where its history is gone. */
    public static final class Trial {

        private final int client;
        private final int peer;
        private final Database database;
        private final Instant up;
        private long compacted;

        private Trial(int client, int peer, Database database, Instant up) {
            this.client = client;
            this.peer = peer;
            this.database = database;
            this.up = up;
            this.compacted = database.compacted();
        }

        public Database database() {
            return database;
        }

        public long compacted() {
            return compacted;
        }

        public void compact(long revision) {
            compacted = Math.max(compacted, revision);
        }
    }

    /** The member that listens on a port of loopback, once it is up. */
    public Optional<Trial> listeningOn(int port) {
        return trials.values().stream()
                .filter(trial -> trial.client == port && !time.now().isBefore(trial.up))
                .findFirst();
    }

    boolean isActive(String unit) {
        return trials.containsKey(unit);
    }

    /** As {@code ss} lists it. */
    String listening() {
        StringBuilder text = new StringBuilder();
        List.of(2379, 2381, 10_248).forEach(port -> text.append(LOOPBACK.formatted(port)));
        trials.values()
                .forEach(trial -> text.append(LOOPBACK.formatted(trial.client)).append(LOOPBACK.formatted(trial.peer)));
        return text.toString();
    }

    /** One {@code systemd-run ... ctr ... run ... etcd ...}, or {@code systemd-run ... etcd ...}; empty for any other. */
    Optional<CommandOutput> run(List<String> argv) {
        int program = argv.indexOf(argv.contains("ctr") ? "ctr" : "etcd");
        if (program < 0 || !argv.subList(0, RUN.size()).equals(RUN)) {
            return Optional.empty();
        }
        String options = String.join(" ", argv.subList(0, program));
        Matcher unit = UNIT.matcher(options);
        Matcher life = LIFE.matcher(options);
        Optional<Containers.Call> call = call(argv.subList(program, argv.size()));
        if (!unit.find()
                || !life.find()
                || call.filter(found -> found.program().equals("etcd")).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(started(unit.group(1), Long.parseLong(life.group(1)), call.get()));
    }

    private Optional<Containers.Call> call(List<String> argv) {
        return argv.get(0).equals("ctr")
                ? containers.run(argv)
                : Optional.of(new Containers.Call(List.of(""), "PATH", argv.get(0), argv.subList(1, argv.size())));
    }

    /** Says whether there was such a unit. */
    boolean stop(String unit) {
        return trials.remove(unit) != null;
    }

    void loseAll() {
        trials.clear();
    }

    private CommandOutput started(String unit, long life, Containers.Call call) {
        if (trials.containsKey(unit)) {
            return new CommandOutput(
                    1,
                    "",
                    "Failed to start transient service unit: Unit " + unit
                            + ".service was already loaded or has a fragment file.\n");
        }
        Trial trial = trial(call);
        if (trial != null) {
            trials.put(unit, trial);
            time.after(Duration.ofSeconds(life), () -> trials.remove(unit, trial));
        }
        return new CommandOutput(0, "", "");
    }

    /** Null when it ends at once: nothing restored, nothing seen, no certificate, or a port that is taken. */
    private @Nullable Trial trial(Containers.Call call) {
        List<Integer> ports = new ArrayList<>();
        for (String flag : List.of("--listen-client-urls", "--listen-peer-urls")) {
            Matcher port = PORT.matcher(call.flag(flag));
            if (port.matches()) {
                ports.add(Integer.valueOf(port.group(1)));
            }
        }
        String path = call.flag("--data-dir");
        Optional<Database> database = new DataDirectory(files, path).database();
        boolean certified = call.sees(call.flag("--cert-file")) && files.exists(call.flag("--cert-file"));
        boolean free = ports.stream().noneMatch(port -> listening().contains("127.0.0.1:" + port + " "));
        if (ports.size() < 2
                || database.isEmpty()
                || !call.sees(path)
                || !certified
                || !free
                || call.image().isEmpty()) {
            return null;
        }
        return new Trial(ports.get(0), ports.get(1), database.get(), time.now().plus(STARTING));
    }
}
