package dev.belay.activities.steps.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.Sha256;
import dev.belay.activities.steps.etcd.EtcdProgram.Mount;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * etcd's offline tool on one node. Only of the snapshot's own minor: an older one restores a newer file without a word (3.5.35 did one of
 * 3.6.16), and what comes up afterwards is nobody's guess. {@code etcdutl hashkv} is never used: it writes into the file it reads, whose
 * trailer is wrong from then on.
 *
 * @param key of the work it is part of; its jobs have keys below
 */
public record Etcdutl(Host host, EtcdProgram program, String key, Runnable heartbeat) {

    private static final Duration READ = Duration.ofMinutes(5);
    private static final Duration RESTORE = Duration.ofMinutes(30);
    private static final List<String> CORRUPT = List.of("expected sha256", "snapshot missing hash");

    /** The tool of the minor that the snapshot was taken with. */
    public static Etcdutl of(StepContext context, Host host, EtcdVersion snapshot) {
        return of(host, snapshot, context.call().key(), context.heartbeat());
    }

    /** As above, outside of a step. */
    public static Etcdutl of(Host host, EtcdVersion snapshot, String key, Runnable heartbeat) {
        return new Etcdutl(host, EtcdProgram.find(host, snapshot), key, heartbeat);
    }

    /** Reads a snapshot, or a data directory's {@code member/snap/db}; the trailer is not looked at. */
    public SnapshotStatus status(String file) {
        List<String> words = List.of("snapshot", "status", file, "-w", "json");
        List<String> argv = program.offline(id("status " + file + System.nanoTime()), mounts(file, ""), words);
        CommandOutput output =
                host.run(Command.root(argv.toArray(String[]::new)).within(READ));
        if (!output.ok()) {
            throw failed(words, output.exit(), output.out() + output.err());
        }
        return parse(output.out());
    }

    /**
     * Restores one member, as a job that runs once for this key. A restore that failed or was lost leaves a part of its data directory
     * behind, which must be removed before it is tried under another key.
     *
     * @return the job, for the record
     */
    public JobOutcome restore(SnapshotRestore wanted) {
        if (wanted.bumpRevision() > 0) {
            requireBump(host, program);
        }
        List<String> words = words(wanted);
        String job = job(wanted);
        List<String> argv = program.offline(id(job), mounts(wanted.snapshot(), wanted.dataDir()), words);
        JobOutcome outcome = host.job(new Job(job, argv, Map.of(), RESTORE), heartbeat);
        if (!outcome.known()) {
            throw StepFailure.of(
                    FailureKind.UNKNOWN,
                    "ETCDUTL_LOST",
                    host.node() + ": the restore into " + wanted.dataDir() + " was cut off, perhaps by a reboot",
                    "remove " + wanted.dataDir() + " on " + host.node() + ", which no etcd uses yet, then retry");
        }
        if (!outcome.ok()) {
            throw failed(words, outcome.exit(), outcome.output());
        }
        return outcome;
    }

    /** An earlier attempt under this key began to restore it, and may be at it still. */
    public boolean begun(SnapshotRestore wanted) {
        return host.hasJob(job(wanted));
    }

    private String job(SnapshotRestore wanted) {
        byte[] folder = wanted.dataDir().getBytes(StandardCharsets.UTF_8);
        return key + "/restore-" + Sha256.of(folder).substring(0, 8);
    }

    /** Fails where the host has no program of this minor that can raise the revision of what it restores. */
    public static void requireBump(Host host, EtcdVersion version) {
        requireBump(host, EtcdProgram.find(host, version));
    }

    private static void requireBump(Host host, EtcdProgram program) {
        if (!program.canBump()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ETCDUTL_NO_BUMP",
                    host.node() + ": " + program.where() + " (" + program.version()
                            + ") cannot raise the revision: clients would silently miss what happens next",
                    "bring etcdutl 3.5.10 or newer, of the snapshot's minor, to the node");
        }
    }

    private static List<String> words(SnapshotRestore wanted) {
        List<String> words = new ArrayList<>(List.of(
                "snapshot",
                "restore",
                wanted.snapshot(),
                "--name=" + wanted.name(),
                "--initial-cluster=" + wanted.initialCluster(),
                "--initial-advertise-peer-urls=" + wanted.peers().get(wanted.name()),
                "--initial-cluster-token=" + wanted.token(),
                "--data-dir=" + wanted.dataDir()));
        if (wanted.bumpRevision() > 0) {
            words.addAll(List.of("--bump-revision=" + wanted.bumpRevision(), "--mark-compacted"));
        }
        return words;
    }

    /** The folders of what is read and of what is made, each once; one that holds both is writable. */
    private static List<Mount> mounts(String read, String made) {
        String from = folder(read);
        if (made.isEmpty()) {
            return List.of(new Mount(from, false));
        }
        String to = folder(made);
        return from.equals(to) ? List.of(new Mount(to, true)) : List.of(new Mount(from, false), new Mount(to, true));
    }

    private static String folder(String path) {
        int slash = path.lastIndexOf('/');
        if (slash <= 0) {
            throw new IllegalArgumentException("\"" + path + "\" has no folder of its own");
        }
        return path.substring(0, slash);
    }

    private static String id(String purpose) {
        return "belay-" + Sha256.of(purpose.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    private StepFailure failed(List<String> words, int exit, String output) {
        String error = Arrays.stream(output.split("\n", -1))
                .filter(line -> line.startsWith("Error: ") || line.startsWith("panic: "))
                .findFirst()
                .orElse("it ended with " + exit);
        boolean corrupt = CORRUPT.stream().anyMatch(error::contains);
        String command = String.join(
                " ",
                Stream.concat(Stream.of(program.where()), words.stream().limit(3))
                        .toList());
        return StepFailure.of(
                        FailureKind.PERMANENT,
                        corrupt ? "SNAPSHOT_CORRUPT" : "ETCDUTL_FAILED",
                        host.node() + ": " + command + ": " + error,
                        corrupt
                                ? "use another snapshot; this one is not what etcd wrote"
                                : "read the evidence, then retry")
                .withEvidence(output);
    }

    private SnapshotStatus parse(String out) {
        try {
            JsonNode said = Json.mapper().readTree(out);
            if (said != null && said.hasNonNull("revision")) {
                return new SnapshotStatus(
                        said.path("hash").asLong(),
                        said.path("revision").asLong(),
                        said.path("totalKey").asLong(),
                        said.path("totalSize").asLong());
            }
        } catch (JsonProcessingException e) {
            throw failed(List.of("snapshot", "status"), 0, "Error: it answered no JSON: " + e.getOriginalMessage());
        }
        throw failed(List.of("snapshot", "status"), 0, "Error: it answered no status: " + out);
    }
}
