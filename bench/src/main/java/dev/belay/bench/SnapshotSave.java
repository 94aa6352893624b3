package dev.belay.bench;

import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import dev.belay.activities.evidence.DirectoryEvidence;
import dev.belay.activities.evidence.Evidence.Artifact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A snapshot of a real etcd, as {@code backup.etcd} takes it (streamed, its trailer checked, hashed again as stored, synced, renamed),
 * against {@code etcdctl snapshot save} into the same folder; in turn. {@code snapshot [rounds] [megabytes]}; {@code BENCH_ETCD} is the
 * folder with {@code etcd} and {@code etcdctl}.
 */
final class SnapshotSave {

    static final String ONCE = "snapshot-once";

    private final LoneEtcd etcd;
    private Figures running = Figures.none();
    private Figures fresh = Figures.none();
    private Figures etcdctl = Figures.none();
    private long bytes;

    private SnapshotSave(LoneEtcd etcd) {
        this.etcd = etcd;
    }

    static void measure(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        int megabytes = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        Path programs = Path.of(System.getenv().getOrDefault("BENCH_ETCD", "/usr/bin"));
        Table.machine();
        try (LoneEtcd etcd = LoneEtcd.started(programs)) {
            etcd.fill(megabytes);
            SnapshotSave program = new SnapshotSave(etcd);
            for (int round = 1; round <= rounds; round++) {
                program.round(round % 2 == 0);
                Table.say("round " + round + " of " + rounds + ": " + program.last());
            }
            program.print();
        }
    }

    /** The whole of it in a process of its own. */
    static void once(String[] args) throws Exception {
        saved(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    private void round(boolean backwards) throws Exception {
        if (backwards) {
            peer();
            belay();
        } else {
            belay();
            peer();
        }
        settle();
        long began = System.nanoTime();
        SshFleet.run(Child.command(ONCE, etcd.folder().toString(), Integer.toString(etcd.port()))
                .toArray(String[]::new));
        fresh = fresh.with(since(began));
    }

    private void belay() throws Exception {
        settle();
        long began = System.nanoTime();
        bytes = saved(etcd.folder(), etcd.port());
        running = running.with(since(began));
    }

    private void peer() throws Exception {
        settle();
        Path file = etcd.folder().resolve("by-etcdctl.db");
        long began = System.nanoTime();
        SshFleet.quietly(etcd.folder(), etcd.etcdctl("snapshot", "save", file.toString()));
        etcdctl = etcdctl.with(since(began));
        Files.delete(file);
    }

    private static long saved(Path folder, int port) throws Exception {
        DirectoryEvidence store = new DirectoryEvidence(folder.resolve("backups"));
        String path = "bench/etcd-snapshot.db";
        AtomicReference<SnapshotReceipt> taken = new AtomicReference<>();
        try (JetcdCluster cluster = LoneEtcd.cluster(folder, port)) {
            EtcdMember member = cluster.members().get(0);
            Artifact stored = store.store(path, sink -> taken.set(cluster.snapshot(member, sink)));
            if (!stored.sha256().equals(Objects.requireNonNull(taken.get()).sha256())) {
                throw new IllegalStateException("what is stored is not what was sent");
            }
            return stored.bytes();
        } finally {
            store.remove(path);
        }
    }

    /** What the one before has written is on the disk. */
    private static void settle() throws Exception {
        SshFleet.run("sync");
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private String last() {
        int at = running.values().size() - 1;
        return "Belay " + Figures.plain(running.values().get(at)) + " s, fresh process "
                + Figures.plain(fresh.values().get(at)) + " s, etcdctl "
                + Figures.plain(etcdctl.values().get(at)) + " s";
    }

    private void print() {
        Table.head(
                "a snapshot of " + bytes / 1_000_000 + " MB", "the first", "the others", "to etcdctl, round by round");
        row("etcdctl snapshot save", etcdctl);
        row("Belay, running worker", running);
        row("Belay, fresh process with its start", fresh);
    }

    private void row(String name, Figures figures) {
        Table.row(
                name,
                Figures.plain(figures.values().get(0)) + " s",
                figures.withoutFirst().text(" s"),
                figures.over(etcdctl).withoutFirst().text(""));
    }
}
