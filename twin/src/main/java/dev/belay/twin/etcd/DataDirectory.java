package dev.belay.twin.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.activities.host.FileAttributes;
import dev.belay.model.plan.Json;
import dev.belay.twin.machine.Files;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A data directory: the database, and in the log who the members are. */
public record DataDirectory(Files files, String path) {

    private static final FileAttributes MODE = FileAttributes.ROOT_ONLY;

    /**
     * Who the members are, as the log has it since the cluster began.
     *
     * @param members ids by name
     * @param peers URLs by name
     */
    public record Identity(long clusterId, String name, Map<String, Long> members, Map<String, String> peers) {

        public Identity {
            members = new TreeMap<>(members);
            peers = new TreeMap<>(peers);
        }
    }

    public boolean isEmpty() {
        return files.list(List.of(path)).isEmpty();
    }

    public void write(Database database, Identity identity) {
        files.write(databasePath(), database.file(), MODE);
        begin(identity);
    }

    /** What a member that ends leaves behind. */
    void leave(Database database) {
        files.writeLater(databasePath(), () -> new String(database.file(), StandardCharsets.UTF_8), MODE);
    }

    /** The log of a member that begins. */
    public void begin(Identity identity) {
        try {
            files.write(logPath(), Json.mapper().writeValueAsBytes(identity), MODE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public Optional<Database> database() {
        return files.read(databasePath()).flatMap(Database::read);
    }

    public Optional<Identity> identity() {
        return files.read(logPath()).map(DataDirectory::identity);
    }

    private static Identity identity(byte[] json) {
        try {
            return Json.mapper().readValue(json, Identity.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String databasePath() {
        return path + "/member/snap/db";
    }

    private String logPath() {
        return path + "/member/wal/0000000000000000-0000000000000000.wal";
    }
}
