package dev.belay.activities.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** The inventory's backup store. An artefact is written once under its path; a second write of the same path replaces it whole. */
public interface Evidence {

    /** Stores what the source writes; it is visible under its path only when complete. */
    Artifact store(String path, Source source);

    /** Every artefact under a prefix, sorted by path; sha256 is computed again. */
    List<Artifact> list(String prefix);

    /** The bytes of one artefact; empty when there is none. At most 16 MB. */
    Optional<byte[]> read(String path);

    /** Every path under a prefix, sorted; nothing is read. */
    List<String> paths(String prefix);

    /** The content of one artefact as a stream, to be closed; empty when there is none. */
    Optional<InputStream> open(String path);

    /** Removes one artefact; does nothing when there is none. */
    void remove(String path);

    /** What private keys are sealed with before they are stored; empty when the inventory names no key. */
    Optional<ArchiveKey> key();

    /** Where the store is, for people. */
    String location();

    /** An artefact at rest. */
    record Artifact(String path, long bytes, String sha256) {}

    /** Writes the content. */
    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream sink) throws IOException;
    }
}
