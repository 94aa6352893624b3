package dev.belay.activities.steps.etcd;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Host;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where one member's data lie while a run puts others in their place, all on one file system: as they are, as they were before this run, as
 * they are being made, and the snapshot they are made of. Which of them are there says how far the run is.
 */
public record MemberFolders(Host host, String data, String before, String fresh, String snapshot) {

    private static final Duration REMOVAL = Duration.ofMinutes(5);

    /** {@code mark}: of the run that puts others in their place, or did. */
    public static MemberFolders of(String mark, Host host, String data) {
        return new MemberFolders(host, data, data + ".before-" + mark, data + "." + mark, data + "-" + mark + ".db");
    }

    /** What was set aside, or left over, and is still there. */
    public List<String> kept() {
        return Stream.of(before, fresh, snapshot).filter(this::isThere).toList();
    }

    public boolean isThere(String path) {
        return host.run(Command.root("test", "-e", path)).ok();
    }

    /** A folder on which a file system is mounted cannot be set aside. */
    public static void requireRenamable(Host host, String data) {
        if (host.run(Command.root("mountpoint", "-q", data)).ok()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "DATA_IS_MOUNT",
                    host.node() + ": " + data + " is a file system of its own and cannot be set aside by a rename",
                    "do it by hand: docs/safety.md");
        }
    }

    /**
     * What a member left behind is set aside, and an empty folder takes its place; data of no member stay as they are.
     *
     * @param user as whom etcd runs, for a folder where there was none
     */
    public void makeRoom(String user) {
        boolean left = isThere(data + "/member");
        if (isThere(data) && !left) {
            return;
        }
        if (!isThere(fresh)) {
            must("mkdir", "-p", "-m", "0700", fresh);
        }
        if (left || isThere(before)) {
            ownAsBefore();
        } else {
            must("chown", "-R", user, fresh);
        }
        if (left) {
            rename(data, before);
        }
        rename(fresh, data);
    }

    /** Both are folders of one file system; the second must not be there. */
    public void rename(String from, String to) {
        must("mv", "-T", "-n", from, to);
        if (isThere(from) || !isThere(to)) {
            throw failed("mv " + from + " " + to, "nothing was moved");
        }
    }

    /** Removes what the run itself made, found by its mark. */
    public void discard(String path) {
        if (!path.equals(fresh) && !path.equals(before) && !path.equals(snapshot)) {
            throw new IllegalArgumentException(path + " does not carry the mark of the run");
        }
        must("rm", "-rf", "--", path);
    }

    /** The restored data get the owner that the data had before. */
    public void ownAsBefore() {
        must("chown", "-R", "--reference=" + (isThere(before) ? before : data), fresh);
        must("chmod", "700", fresh);
    }

    private void must(String... argv) {
        CommandOutput output = host.run(Command.root(argv).within(REMOVAL));
        if (!output.ok()) {
            throw failed(String.join(" ", List.of(argv)), (output.err() + output.out()).strip());
        }
    }

    private StepFailure failed(String command, String why) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "COMMAND_FAILED",
                host.node() + ": `" + command + "`: " + why,
                "look at " + data + "* on " + host.node());
    }
}
