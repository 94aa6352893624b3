package dev.belay.activities.steps.backup;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.model.inventory.Cluster.Retention;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The backups of one cluster in its store, the newest first. A backup is a folder {@code <cluster>/<run>/<hop>/} with a snapshot and its
 * receipt; what else lies there belongs to it.
 */
public final class Backups {

    static final String SNAPSHOT = "etcd-snapshot.db";
    static final String RECEIPT = "etcd-snapshot.json";
    static final String DRILL = "etcd-snapshot.drill.json";

    private final Evidence evidence;
    private final List<BackupReceipt> receipts;

    private Backups(Evidence evidence, List<BackupReceipt> receipts) {
        this.evidence = evidence;
        this.receipts = List.copyOf(receipts);
    }

    public static Backups of(StepContext context) {
        return of(context.evidence(), context.inventory().name());
    }

    public static Backups of(Evidence evidence, String cluster) {
        List<BackupReceipt> receipts = evidence.paths(cluster + "/").stream()
                .filter(path -> path.endsWith("/" + RECEIPT))
                .flatMap(path -> evidence.read(path).flatMap(BackupReceipt::parse).stream())
                .sorted(Comparator.comparing(BackupReceipt::takenAt).reversed())
                .toList();
        return new Backups(evidence, receipts);
    }

    public List<BackupReceipt> receipts() {
        return receipts;
    }

    /** The backup of this name: its snapshot's path or sha256, or a run, of which it is the newest. */
    public BackupReceipt named(String name) {
        return receipts.stream()
                .filter(receipt -> List.of(receipt.path(), receipt.folder(), receipt.sha256(), receipt.run())
                        .contains(name))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "NO_SUCH_BACKUP",
                        evidence.location() + " has no backup \"" + name + "\" of this cluster",
                        receipts.isEmpty()
                                ? "there is none; backup.etcd makes one"
                                : "name a run, a path or a sha256; the newest is "
                                        + receipts.get(0).path()));
    }

    /** What the drill of a snapshot found, if it was of this very file. */
    public Optional<DrillCertificate> certificate(BackupReceipt receipt) {
        return evidence.read(receipt.folder() + DRILL)
                .flatMap(DrillCertificate::parse)
                .filter(drill -> drill.snapshot().equals(receipt.sha256()));
    }

    /** A backup and its drill, as their papers say. */
    public BackupReport report(BackupReceipt receipt) {
        return new BackupReport(receipt, certificate(receipt).orElse(null), null);
    }

    /** As {@link #report}, every file of it read again and compared with what was written down. */
    public BackupReport verified(BackupReceipt receipt) {
        List<String> problems = new ArrayList<>();
        Map<String, String> there =
                evidence.list(receipt.folder()).stream().collect(Collectors.toMap(Artifact::path, Artifact::sha256));
        compare(receipt.path(), receipt.sha256(), there, problems);
        there.keySet().stream()
                .filter(path -> path.matches(".*/files-[^/]+\\.json"))
                .sorted()
                .forEach(path -> evidence.read(path)
                        .flatMap(FilesArchive.Manifest::parse)
                        .ifPresentOrElse(
                                manifest -> compare(manifest.archive(), manifest.sha256(), there, problems),
                                () -> problems.add(path + " cannot be read")));
        return new BackupReport(receipt, certificate(receipt).orElse(null), problems);
    }

    private static void compare(String path, String sha256, Map<String, String> there, List<String> problems) {
        String found = there.get(path);
        if (found == null) {
            problems.add(path + " is missing");
        } else if (!found.equals(sha256)) {
            problems.add(path + " is not what was kept: its sha256 is " + found);
        }
    }

    /**
     * Removes what the inventory no longer wants: neither among the newest so many, nor young enough. What this run made or names in any of
     * its inputs stays, and so does the newest. No other run of the cluster can be open: this one has its lock.
     *
     * @return the folders that went
     */
    List<String> retain(StepContext context) {
        Retention retention = context.inventory().backups().retention();
        if (retention == null) {
            return List.of();
        }
        List<String> gone = new ArrayList<>();
        for (int place = 1; place < receipts.size(); place++) {
            BackupReceipt receipt = receipts.get(place);
            if (isUnwanted(retention, place, receipt, context.clock().now()) && !isNamed(receipt, context)) {
                remove(receipt);
                gone.add(receipt.folder());
            }
        }
        return gone;
    }

    private static boolean isUnwanted(Retention retention, int place, BackupReceipt receipt, Instant now) {
        Integer count = retention.count();
        Duration age = retention.age();
        boolean many = count == null || place >= count;
        boolean old = age == null || receipt.takenAt().plus(age).isBefore(now);
        return many && old && (count != null || age != null);
    }

    private static boolean isNamed(BackupReceipt receipt, StepContext context) {
        String named = context.call().inputs() + " " + context.call().with() + " "
                + context.call().outputs();
        return receipt.run().equals(context.call().run())
                || List.of(receipt.path(), receipt.folder(), receipt.sha256(), receipt.run()).stream()
                        .anyMatch(named::contains);
    }

    /** The receipt last: when this is cut off, the next one's retention finds it and goes on. */
    private void remove(BackupReceipt receipt) {
        String last = receipt.folder() + RECEIPT;
        evidence.paths(receipt.folder()).stream()
                .filter(path -> !path.equals(last))
                .forEach(evidence::remove);
        evidence.remove(last);
    }
}
