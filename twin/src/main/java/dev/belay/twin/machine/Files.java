package dev.belay.twin.machine;

import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.twin.time.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The file system of a node, as far as an upgrade touches it. Whoever watches it hears of each path that changed. */
public final class Files {

    private final Map<String, TwinFile> files = new TreeMap<>();
    private final Set<String> folders = new TreeSet<>(Set.of(
            "/",
            "/etc",
            "/var",
            "/var/lib",
            "/var/lib/containerd",
            "/var/cache",
            "/var/cache/apt",
            "/tmp",
            "/root",
            "/run"));
    private final Map<String, Instant> written = new TreeMap<>();
    private final VirtualTime time;
    private Consumer<String> watcher = path -> {};

    Files(VirtualTime time) {
        this.time = time;
    }

    void watch(Consumer<String> by) {
        watcher = by;
    }

    public Optional<byte[]> read(String path) {
        return resolve(path).map(TwinFile::content).map(byte[]::clone);
    }

    public Optional<String> text(String path) {
        return resolve(path).map(file -> new String(file.content(), StandardCharsets.UTF_8));
    }

    public boolean exists(String path) {
        return files.containsKey(path);
    }

    public boolean isFolder(String path) {
        return folders.contains(path);
    }

    /** Says whether the content or attributes are new. */
    public boolean write(String path, byte[] content, FileAttributes attributes) {
        TwinFile old = files.get(path);
        boolean same = old != null
                && old.link().isEmpty()
                && old.attributes().equals(attributes)
                && Arrays.equals(old.content(), content);
        put(path, TwinFile.of(content, attributes));
        return !same;
    }

    public void write(String path, String text, FileAttributes attributes) {
        write(path, text.getBytes(StandardCharsets.UTF_8), attributes);
    }

    /** A file whose text is made when it is first read: most nodes' files are never looked at. */
    public void writeLater(String path, Supplier<String> text, FileAttributes attributes) {
        put(path, TwinFile.later(text, attributes));
    }

    public void link(String path, String target) {
        put(path, TwinFile.linkTo(target));
    }

    public boolean remove(String path) {
        boolean there = files.remove(path) != null;
        written.remove(path);
        if (there) {
            watcher.accept(path);
        }
        return there;
    }

    /** Removes everything under a path, itself included. */
    public void removeTree(String path) {
        list(List.of(path)).forEach(entry -> remove(entry.path()));
        folders.removeIf(folder -> folder.equals(path) || folder.startsWith(path + "/"));
    }

    public void move(String from, String to) {
        TwinFile file = files.remove(from);
        if (file == null) {
            throw new IllegalStateException("no file " + from);
        }
        Instant when = written(from).orElseGet(time::now);
        written.remove(from);
        watcher.accept(from);
        addFolder(parent(to));
        files.put(to, file);
        written.put(to, when);
        watcher.accept(to);
    }

    /** A file, or a folder with everything in it, under another name. */
    public void rename(String from, String to) {
        files.keySet().stream()
                .filter(path -> path.equals(from) || path.startsWith(from + "/"))
                .toList()
                .forEach(path -> move(path, to + path.substring(from.length())));
        List<String> inside = folders.stream()
                .filter(folder -> folder.equals(from) || folder.startsWith(from + "/"))
                .toList();
        folders.removeAll(inside);
        inside.forEach(folder -> addFolder(to + folder.substring(from.length())));
    }

    /** When the content of a file was last written; a move does not change it. */
    public Optional<Instant> written(String path) {
        return Optional.ofNullable(written.get(path));
    }

    public void addFolder(String path) {
        for (String folder = path; !folder.isEmpty(); folder = parent(folder)) {
            folders.add(folder);
        }
    }

    public List<FileEntry> list(List<String> paths) {
        return files.keySet().stream()
                .filter(path -> paths.stream()
                        .anyMatch(under -> path.equals(under) || path.startsWith(under.replaceAll("/*$", "") + "/")))
                .map(this::entry)
                .sorted(Comparator.comparing(FileEntry::path))
                .toList();
    }

    /** Names directly in a folder, without those that begin with a dot: what the kubelet sees there. */
    List<String> namesIn(String folder) {
        List<String> names = new ArrayList<>();
        for (String path : files.keySet()) {
            if (parent(path).equals(folder) && !path.startsWith(folder + "/.")) {
                names.add(path.substring(folder.length() + 1));
            }
        }
        return names;
    }

    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "" : path.substring(0, slash);
    }

    private Optional<TwinFile> resolve(String path) {
        TwinFile file = files.get(path);
        return file == null || file.link().isEmpty() ? Optional.ofNullable(file) : resolve(file.link());
    }

    private void put(String path, TwinFile file) {
        addFolder(parent(path));
        files.put(path, file);
        written.put(path, time.now());
        watcher.accept(path);
    }

    private FileEntry entry(String path) {
        TwinFile file = Objects.requireNonNull(files.get(path));
        return file.link().isEmpty()
                ? new FileEntry(path, file.attributes(), file.content().length, sha256(file.content()), "")
                : new FileEntry(path, file.attributes(), file.link().length(), "", file.link());
    }

    /** Hex of the sha256. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
