package dev.belay.worker;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where rehearsals under way are written down, so that other terminals find them: one file each, readable by their owner only, under
 * {@code $XDG_STATE_HOME/belay/rehearsals}. A file whose process is gone is passed over.
 */
public final class RehearsalFiles {

    private final Path directory;

    public RehearsalFiles(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local", "state")
                : Path.of(state);
        this.directory = base.resolve("belay").resolve("rehearsals");
    }

    /**
     * A rehearsal under way.
     *
     * @param inventory of the simulated cluster
     * @param target of its embedded server
     * @param pid of its process
     * @param born when that process began, so that a reused number is not taken for it
     */
    public record Entry(
            String run, String cluster, Cluster inventory, String target, long pid, Instant born, Instant startedAt) {

        static Entry ofThisProcess(String run, Cluster inventory, String target, Instant startedAt) {
            ProcessHandle self = ProcessHandle.current();
            return new Entry(run, inventory.name(), inventory, target, self.pid(), born(self), startedAt);
        }

        boolean isAlive() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> born(process).equals(born))
                    .isPresent();
        }

        private static Instant born(ProcessHandle process) {
            return process.info().startInstant().orElse(Instant.EPOCH);
        }
    }

    /** Rehearsals whose process lives, the newest first. */
    public List<Entry> alive() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.toString().endsWith(".json"))
                    .map(RehearsalFiles::read)
                    .flatMap(Optional::stream)
                    .filter(Entry::isAlive)
                    .forEach(entries::add);
        } catch (IOException e) {
            throw new UncheckedIOException("the rehearsals under " + directory + " cannot be listed", e);
        }
        entries.sort(Comparator.comparing(Entry::startedAt).reversed());
        return entries;
    }

    void write(Entry entry) {
        Path file = file(entry.run());
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, Json.mapper().writeValueAsBytes(entry));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the rehearsal cannot be written down in " + file + ", so other terminals would not find it", e);
        }
    }

    void remove(String run) {
        try {
            Files.deleteIfExists(file(run));
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file(run) + " of the ended rehearsal cannot be removed", e);
        }
    }

    private Path file(String run) {
        return directory.resolve(run + ".json");
    }

    /** Empty when it is not whole: it is being written, or was not written by Belay. */
    private static Optional<Entry> read(Path file) {
        try {
            return Optional.of(
                    Json.mapper().readValue(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), Entry.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
