package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Lists trees of a host as root: one find for the attributes, one for the hashes, both separated by NUL. */
final class FileTree {

    private static final int LARGEST = 64 << 20;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int FIELDS = 7;

    private final RemoteShell shell;

    FileTree(RemoteShell shell) {
        this.shell = shell;
    }

    List<FileEntry> list(List<String> paths) {
        if (paths.isEmpty()) {
            return List.of();
        }
        paths.forEach(RootFiles::absolute);
        String[] fields = found(
                paths, "(", "-type", "f", "-o", "-type", "l", ")", "-printf", "%y\\0%m\\0%U\\0%G\\0%s\\0%p\\0%l\\0");
        Map<String, String> hashes = hashes(paths);
        List<FileEntry> entries = new ArrayList<>();
        for (int at = 0; at + FIELDS <= fields.length; at += FIELDS) {
            add(entries, List.of(fields).subList(at, at + FIELDS), hashes);
        }
        entries.sort(Comparator.comparing(FileEntry::path));
        return entries.stream().distinct().toList();
    }

    private Map<String, String> hashes(List<String> paths) {
        Map<String, String> hashes = new HashMap<>();
        for (String line : found(paths, "-type", "f", "-exec", "sha256sum", "-z", "--", "{}", "+")) {
            if (line.length() > 66) {
                hashes.put(line.substring(66), line.substring(0, 64));
            }
        }
        return hashes;
    }

    /** A file that went away between the two looks has no hash, and is left out as if it had gone before. */
    private static void add(List<FileEntry> entries, List<String> fields, Map<String, String> hashes) {
        String path = fields.get(5);
        boolean link = fields.get(0).equals("l");
        if (!link && !hashes.containsKey(path)) {
            return;
        }
        FileAttributes attributes = new FileAttributes(
                Integer.parseInt(fields.get(1), 8), Integer.parseInt(fields.get(2)), Integer.parseInt(fields.get(3)));
        entries.add(new FileEntry(
                path,
                attributes,
                Long.parseLong(fields.get(4)),
                link ? "" : hashes.getOrDefault(path, ""),
                fields.get(6)));
    }

    private String[] found(List<String> paths, String... expression) {
        List<String> argv = Stream.of(Stream.of("find"), paths.stream(), Stream.of(expression))
                .flatMap(words -> words)
                .toList();
        CappedBuffer out = new CappedBuffer(LARGEST);
        RemoteShell.Ended ended =
                shell.run("a listing", Sudo.line(shell.endpoint(), Map.of(), argv), new byte[0], out, LIMIT);
        Sudo.check(shell.endpoint(), ended.exit(), ended.err());
        if (out.isCut() || !onlyMissing(ended)) {
            throw StepFailure.of(
                            FailureKind.PERMANENT,
                            "FILE_REFUSED",
                            shell.endpoint() + ": listing " + String.join(" ", paths) + " failed with exit code "
                                    + ended.exit(),
                            "look at these paths on the host")
                    .withEvidence(
                            ended.err().substring(0, Math.min(2000, ended.err().length())));
        }
        return out.text().isEmpty() ? new String[0] : out.text().split("\0", -1);
    }

    private static boolean onlyMissing(RemoteShell.Ended ended) {
        return ended.exit() == 0 || ended.err().lines().allMatch(line -> line.endsWith("No such file or directory"));
    }
}
