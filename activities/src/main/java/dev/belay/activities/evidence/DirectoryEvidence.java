package dev.belay.activities.evidence;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory as the backup store: files 0600, folders 0700, since snapshots hold every secret of a cluster. An artefact is written beside
 * its place, synced, and renamed, so that what is found under its path is whole. What a killed writer left behind goes with the next write
 * of that artefact.
 */
public final class DirectoryEvidence implements Evidence {

    private static final String PART = ".part";
    private static final Duration ABANDONED = Duration.ofHours(2);
    private static final long LARGEST_READ = 16L << 20;
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE = mode("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE = mode("rwx------");

    private final Path root;
    private final Optional<ArchiveKey> key;

    /** @param root made on the first write */
    public DirectoryEvidence(Path root) {
        this(root, Optional.empty());
    }

    /** @param root made on the first write */
    public DirectoryEvidence(Path root, Optional<ArchiveKey> key) {
        this.root = root.toAbsolutePath().normalize();
        this.key = key;
    }

    @Override
    public Artifact store(String path, Source source) {
        Path target = inside(path);
        try {
            makeFolder(folderOf(target));
            dropAbandoned(target);
            return write(path, target, source);
        } catch (IOException e) {
            throw broken("write " + path, e);
        }
    }

    @Override
    public List<Artifact> list(String prefix) {
        return paths(prefix).stream().map(this::artifact).toList();
    }

    @Override
    public List<String> paths(String prefix) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root, new FileVisitOption[0])) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> root.relativize(file).toString())
                    .filter(path -> path.startsWith(prefix) && !path.endsWith(PART))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw broken("list " + prefix, e);
        }
    }

    @Override
    public Optional<InputStream> open(String path) {
        Path file = inside(path);
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.newInputStream(file))
                    : Optional.empty();
        } catch (IOException e) {
            throw broken("read " + path, e);
        }
    }

    @Override
    public void remove(String path) {
        Path file = inside(path);
        try {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(file);
                sync(folderOf(file));
                dropEmpty(folderOf(file));
            }
        } catch (IOException e) {
            throw broken("remove " + path, e);
        }
    }

    /** Folders go with the last artefact in them; another writer may just use one, and then it stays. */
    private void dropEmpty(Path folder) throws IOException {
        for (Path each = folder; !each.equals(root); each = folderOf(each)) {
            try {
                Files.delete(each);
            } catch (DirectoryNotEmptyException inUse) {
                return;
            }
        }
    }

    @Override
    public Optional<byte[]> read(String path) {
        Path file = inside(path);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (Files.size(file) > LARGEST_READ) {
                throw StepFailure.of(
                        FailureKind.PERMANENT,
                        "EVIDENCE_TOO_LARGE",
                        file + " has " + Files.size(file) + " bytes, more than can be read whole",
                        "read it as a file");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw broken("read " + path, e);
        }
    }

    @Override
    public Optional<ArchiveKey> key() {
        return key;
    }

    @Override
    public String location() {
        return root.toString();
    }

    private Artifact write(String path, Path target, Source source) throws IOException {
        Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + PART);
        MessageDigest digest = sha256();
        try {
            try (FileChannel channel = FileChannel.open(
                            part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE);
                    OutputStream sink = new BufferedOutputStream(
                            new DigestOutputStream(Channels.newOutputStream(channel), digest), 1 << 16)) {
                source.writeTo(sink);
                sink.flush();
                channel.force(true);
            }
            long bytes = Files.size(part);
            move(part, target);
            return new Artifact(path, bytes, HexFormat.of().formatHex(digest.digest()));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("this file system cannot rename in one move", e);
        }
        sync(folderOf(target));
    }

    /** Each new folder with its own mode, and known to the disk before anything is put into it. */
    private void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && !folder.equals(root)) {
            makeFolder(folderOf(folder));
            Files.createDirectory(folder, FOLDER_MODE);
            sync(folderOf(folder));
        } else if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, FOLDER_MODE);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void dropAbandoned(Path target) throws IOException {
        String beginning = "." + target.getFileName() + ".";
        Instant before = Instant.now().minus(ABANDONED);
        try (Stream<Path> beside = Files.list(folderOf(target))) {
            for (Path part : beside.filter(file -> isPart(file, beginning)).toList()) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }

    private static boolean isPart(Path file, String beginning) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(beginning) && name.endsWith(PART);
    }

    private Artifact artifact(String path) {
        Path file = root.resolve(path);
        MessageDigest digest = sha256();
        try (InputStream content = Files.newInputStream(file)) {
            long bytes = content.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return new Artifact(path, bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw broken("read " + path, e);
        }
    }

    private Path inside(String path) {
        Path file = root;
        for (String segment : ArtefactPath.segments(path)) {
            refuseLink(path, file);
            file = file.resolve(segment);
        }
        return file;
    }

    /** A link inside the store could lead out of it. The root itself may be one: its owner chose it. */
    private void refuseLink(String path, Path folder) {
        if (!folder.equals(root) && Files.isSymbolicLink(folder)) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "EVIDENCE_PATH",
                    "\"" + path + "\" leads through the link " + folder,
                    "let the backup store hold folders and files only");
        }
    }

    private StepFailure broken(String call, IOException e) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "EVIDENCE_UNUSABLE",
                "the backup store " + root + " could not " + call + ": "
                        + e.getClass().getSimpleName() + " " + e.getMessage(),
                "make room, or give this process the right to write there; then retry the step");
    }

    private static Path folderOf(Path file) {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " has no folder");
        }
        return folder;
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
        return PosixFilePermissions.asFileAttribute(EnumSet.copyOf(PosixFilePermissions.fromString(text)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
