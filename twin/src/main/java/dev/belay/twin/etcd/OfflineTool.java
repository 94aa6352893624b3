package dev.belay.twin.etcd;

import dev.belay.activities.host.CommandOutput;
import dev.belay.twin.etcd.DataDirectory.Identity;
import dev.belay.twin.machine.Files;
import dev.belay.twin.time.Seed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code etcdutl} of one version, or {@code etcdctl} of a minor where it did the same: version, snapshot status, snapshot restore. As the real
 * one, it does not mind a file of a newer minor, and a failed restore leaves its directory behind.
 *
 * @param visible the paths that its container has
 */
public record OfflineTool(String name, String version, Files files, Predicate<String> visible, Seed seed) {

    private static final String UTL = "etcdutl";
    private static final int BOTH = 5;

    /** Says whether the releases of a minor have a tool of this name that works offline: etcdutl from 3.5 on, etcdctl up to there. */
    public static boolean comesWith(String name, String version) {
        int minor = EtcdRing.minor(version);
        return name.equals(UTL) ? minor >= BOTH : minor <= BOTH;
    }

    /** Runs it with these words. */
    public CommandOutput run(List<String> words) {
        if (words.equals(List.of("version"))) {
            return said(name + " version: " + version + "\nAPI version: 3." + EtcdRing.minor(version) + "\n");
        }
        boolean snapshot = words.size() > 2 && words.get(0).equals("snapshot");
        if (snapshot
                && words.get(1).equals("status")
                && words.subList(3, words.size()).equals(List.of("-w", "json"))) {
            return status(words.get(2));
        }
        if (snapshot && words.get(1).equals("restore")) {
            return restore(words.get(2), flags(words.subList(3, words.size())));
        }
        return error(1, "unknown command \"" + String.join(" ", words) + "\" for \"" + name + "\"");
    }

    private CommandOutput status(String path) {
        Optional<byte[]> content = content(path);
        if (content.isEmpty()) {
            return error(1, "stat " + path + ": no such file or directory");
        }
        Optional<Database> database = Database.read(content.get());
        if (database.isEmpty()) {
            return error(1, "invalid database");
        }
        return said("{\"hash\":%d,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d%s}%n"
                .formatted(
                        database.get().hash(),
                        database.get().revision(),
                        database.get().keys().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        Database.size(content.get()),
                        EtcdRing.minor(version) >= 6 ? ",\"version\":\"\"" : ""));
    }

    private CommandOutput restore(String path, Map<String, String> flags) {
        Optional<String> refused = refuses(path, flags);
        if (refused.isPresent()) {
            return error(1, refused.get());
        }
        Database database = Database.read(content(path).orElseThrow()).orElseThrow();
        long bump = Long.parseLong(flags.getOrDefault("--bump-revision", "0"));
        Identity identity = identity(flags);
        directory(flags).write(bump > 0 ? database.bumped(bump, identity.clusterId()) : database, identity);
        return said("");
    }

    private Optional<String> refuses(String path, Map<String, String> flags) {
        boolean bump = flags.containsKey("--bump-revision");
        if (bump && (!name.equals(UTL) || !bumps())) {
            return Optional.of("unknown flag: --bump-revision");
        }
        if (bump != flags.containsKey("--mark-compacted")) {
            return Optional.of("--mark-compacted required if --revision-bump > 0");
        }
        if (!flags.getOrDefault("--initial-cluster", "").contains(flags.get("--name") + "=")) {
            return Optional.of(
                    "couldn't find local name \"" + flags.get("--name") + "\" in the initial cluster configuration");
        }
        DataDirectory directory = directory(flags);
        if (!visible.test(directory.path()) || !directory.isEmpty()) {
            return Optional.of("data-dir \"" + directory.path() + "\" not empty or could not be read");
        }
        return damage(path, directory);
    }

    private Optional<String> damage(String path, DataDirectory directory) {
        Optional<byte[]> content = content(path);
        if (content.isEmpty()) {
            return Optional.of("open " + path + ": no such file or directory");
        }
        files.addFolder(directory.path() + "/member/snap");
        if (!Database.hasTrailer(content.get())) {
            return Optional.of("snapshot missing hash but --skip-hash-check=false");
        }
        return Database.trailerHolds(content.get())
                ? Optional.empty()
                : Optional.of("expected sha256 of the trailer, got " + Files.sha256(content.get()));
    }

    /** Ids come from the peers and the token, so that every member restored alike has the same. */
    private Identity identity(Map<String, String> flags) {
        String token = flags.getOrDefault("--initial-cluster-token", "etcd-cluster");
        Map<String, String> peers = new LinkedHashMap<>();
        Map<String, Long> ids = new LinkedHashMap<>();
        for (String peer : flags.getOrDefault("--initial-cluster", "").split(",", -1)) {
            String[] parts = peer.split("=", 2);
            peers.put(parts[0], parts[1]);
            ids.put(parts[0], seed.number("member " + parts[1] + " " + token) | Long.MIN_VALUE);
        }
        long cluster = seed.number("cluster " + ids) | Long.MIN_VALUE;
        return new Identity(cluster, flags.getOrDefault("--name", ""), ids, peers);
    }

    private boolean bumps() {
        String[] parts = version.split("\\.", -1);
        return EtcdRing.minor(version) > 5 || Integer.parseInt(parts[2]) >= 10;
    }

    private DataDirectory directory(Map<String, String> flags) {
        return new DataDirectory(files, flags.getOrDefault("--data-dir", flags.get("--name") + ".etcd"));
    }

    private Optional<byte[]> content(String path) {
        return visible.test(path) ? files.read(path) : Optional.empty();
    }

    private static Map<String, String> flags(List<String> words) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (String word : words) {
            int at = word.indexOf('=');
            flags.put(at < 0 ? word : word.substring(0, at), at < 0 ? "" : word.substring(at + 1));
        }
        return flags;
    }

    private static CommandOutput said(String out) {
        return new CommandOutput(0, out, "");
    }

    private static CommandOutput error(int exit, String why) {
        return new CommandOutput(exit, "", "Error: " + why + "\n");
    }
}
