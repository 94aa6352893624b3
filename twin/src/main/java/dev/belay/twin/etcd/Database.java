package dev.belay.twin.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.model.plan.Json;
import dev.belay.twin.machine.Files;
import dev.belay.twin.time.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a database file of etcd holds. As a snapshot it carries the sha256 of all before it at its end, in a data directory it does not.
 *
 * @param version of the member that wrote it
 * @param clusterMinor the minor the members had agreed on: an older etcd does not start on it
 * @param compacted the revision up to which history is gone
 * @param lineage whose writes these are: two clusters that went on from one file differ
 * @param keys how many there are, by prefix
 * @param objects what the API keeps under them
 */
public record Database(
        String version,
        int clusterMinor,
        long revision,
        long compacted,
        String lineage,
        Map<String, Long> keys,
        JsonNode objects) {

    private static final byte[] MAGIC = "twin etcd database\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PAGES = 256;
    private static final int TRAILER = 32;

    public Database {
        keys = new TreeMap<>(keys);
    }

    /** The revision raised, and everything before marked compacted: from here on these are the writes of another cluster. */
    public Database bumped(long by, long cluster) {
        String next = lineage + "/" + Long.toUnsignedString(cluster);
        return new Database(version, clusterMinor, revision + by, revision + by, next, keys, objects);
    }

    /** The file as it lies in a data directory: a header, and pages that make it large enough to be worth streaming. */
    public byte[] file() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(MAGIC);
        bytes.writeBytes(header());
        bytes.write('\n');
        Seed pages = new Seed(revision);
        for (int page = 0; page < PAGES; page++) {
            bytes.writeBytes(pages.hex("page " + page + lineage, 64).repeat(8).getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** The file as a member sends it. */
    public byte[] snapshot() {
        byte[] file = file();
        byte[] whole = Arrays.copyOf(file, file.length + TRAILER);
        System.arraycopy(HexFormat.of().parseHex(Files.sha256(file)), 0, whole, file.length, TRAILER);
        return whole;
    }

    /** As {@code snapshot status} hashes the buckets. */
    public long hash() {
        return new Seed(revision).number("buckets " + lineage + " " + compacted + keys) & 0xffff_ffffL;
    }

    /** Of how many bytes a database file is that could be a snapshot, without its trailer if it has one. */
    public static long size(byte[] content) {
        return hasTrailer(content) ? content.length - TRAILER : content.length;
    }

    /** etcd's own rule: a file of whole pages has none. */
    public static boolean hasTrailer(byte[] content) {
        return content.length > TRAILER
                && read(content)
                        .map(known -> known.file().length + TRAILER == content.length)
                        .orElse(false);
    }

    /** Says whether the last bytes are the sha256 of the rest. */
    public static boolean trailerHolds(byte[] content) {
        byte[] rest = Arrays.copyOf(content, content.length - TRAILER);
        byte[] trailer = Arrays.copyOfRange(content, content.length - TRAILER, content.length);
        return Arrays.equals(HexFormat.of().parseHex(Files.sha256(rest)), trailer);
    }

    /** The database of a file, with or without trailer; empty when it is none. */
    public static Optional<Database> read(byte[] content) {
        int start = MAGIC.length;
        if (content.length < start || !Arrays.equals(Arrays.copyOf(content, start), MAGIC)) {
            return Optional.empty();
        }
        int end = start;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        try {
            return Optional.of(Json.mapper().readValue(Arrays.copyOfRange(content, start, end), Database.class));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    private byte[] header() {
        try {
            return Json.mapper().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
