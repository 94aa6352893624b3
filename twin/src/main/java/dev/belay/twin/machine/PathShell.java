package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import java.util.List;
import java.util.Optional;

/** What root asks of a path, and does to it as a whole: is it there, is it a file system of its own, rename, owner, mode. */
final class PathShell {

    private static final int NO_MOUNT = 32;
    private static final String REFERENCE = "--reference=";

    private final Files files;

    PathShell(Files files) {
        this.files = files;
    }

    /** Empty for a call that is not known. */
    Optional<CommandOutput> run(List<String> argv) {
        String path = argv.get(argv.size() - 1);
        return switch (String.join(" ", argv.subList(0, Math.max(1, argv.size() - 1)))) {
            case "test -e" -> Optional.of(isThere(path) ? done() : failed(1, ""));
            case "mountpoint -q" -> Optional.of(failed(isThere(path) ? NO_MOUNT : 1, ""));
            case "chmod 700" -> Optional.of(isThere(path) ? done() : missing("chmod: cannot access", path));
            case "chown -R root", "chown -R etcd" ->
                Optional.of(isThere(path) ? done() : missing("chown: cannot access", path));
            default -> {
                if (argv.size() == 5 && argv.subList(0, 3).equals(List.of("mv", "-T", "-n"))) {
                    yield Optional.of(renamed(argv.get(3), path));
                }
                boolean owner = argv.size() == 4
                        && argv.subList(0, 2).equals(List.of("chown", "-R"))
                        && argv.get(2).startsWith(REFERENCE);
                yield owner ? Optional.of(owned(argv.get(2).substring(REFERENCE.length()), path)) : Optional.empty();
            }
        };
    }

    /** As coreutils 9: what is there already is passed over without a word. */
    private CommandOutput renamed(String from, String to) {
        if (!isThere(from)) {
            return missing("mv: cannot stat", from);
        }
        if (isThere(to)) {
            return done();
        }
        if (!files.isFolder(Files.parent(to))) {
            return failed(1, "mv: cannot move '" + from + "' to '" + to + "': No such file or directory\n");
        }
        files.rename(from, to);
        return done();
    }

    /** Everything here is root's, so that root's own is what a reference has. */
    private CommandOutput owned(String reference, String path) {
        if (!isThere(reference)) {
            return missing("chown: failed to get attributes of", reference);
        }
        return isThere(path) ? done() : missing("chown: cannot access", path);
    }

    private boolean isThere(String path) {
        return files.exists(path) || files.isFolder(path);
    }

    private static CommandOutput missing(String who, String path) {
        return failed(1, who + " '" + path + "': No such file or directory\n");
    }

    private static CommandOutput done() {
        return new CommandOutput(0, "", "");
    }

    private static CommandOutput failed(int exit, String err) {
        return new CommandOutput(exit, "", err);
    }
}
