package dev.belay.activities.steps.backup;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.FreeSpace;
import dev.belay.activities.steps.RootCommand;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;

/** A folder of root's on a node, of one drill, which leaves no trace of it. */
final class ScratchFolder {

    private static final String ABOVE = "/var/lib";
    private static final Duration REMOVAL = Duration.ofMinutes(2);
    private static final long MB = 1L << 20;
    private static final long LOG = 256 * MB;

    private final Host host;
    private final String path;

    /** @param mark plain characters only */
    ScratchFolder(Host host, String mark, String sha256) {
        if (!mark.matches("[a-z0-9-]{1,80}") || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("no folder can be called after " + mark + " and " + sha256);
        }
        this.host = host;
        this.path = ABOVE + "/" + mark + "-drill-" + sha256.substring(0, 8);
    }

    String path() {
        return path;
    }

    /** Makes it where there is room for the snapshot, its restored copy, and etcd's log. */
    void make(long bytes) {
        long needed = 2 * bytes + bytes / 2 + LOG;
        CommandOutput df = run("df", "-B1", "--output=avail,size", ABOVE);
        long free = FreeSpace.read(host, df);
        if (free < needed) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "DISK_FULL",
                    host.node() + ": " + ABOVE + " has " + free / MB + " MB free, a drill of " + bytes / MB
                            + " MB needs " + needed / MB + " MB",
                    "free space there, or drill on another control plane");
        }
        run("mkdir", "-p", "-m", "0700", path);
    }

    /** What arrived is what was kept. */
    void verify(String file, String sha256) {
        List<FileEntry> there = host.list(List.of(file));
        if (there.size() != 1 || !there.get(0).sha256().equals(sha256)) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "SNAPSHOT_CORRUPT",
                    "the backup store gives another file than its receipt says: "
                            + there.stream().map(FileEntry::sha256).toList() + " instead of " + sha256,
                    "somebody changed or damaged it; take another snapshot");
        }
    }

    void remove() {
        run("rm", "-rf", "--one-file-system", path);
    }

    private CommandOutput run(String... argv) {
        return RootCommand.run(host, REMOVAL, "look at " + ABOVE + " on " + host.node(), argv);
    }
}
