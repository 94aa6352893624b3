package dev.belay.activities.steps.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.model.plan.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies beside a snapshot: what it is, and what etcd held at its revision, so that a restore of it can be compared.
 *
 * @param path of the snapshot in the store
 * @param sha256 of the whole file; its own last 32 bytes were found to be the sha256 of the rest
 * @param revision that it holds at least, at which the rest was counted and hashed
 * @param keys at that revision
 * @param prefixes keys by the top of their names
 * @param hash of the key space at that revision, compacted at {@code compactRevision}
 * @param version of the member: a restore needs an etcdutl of this minor
 * @param clusterVersion that the members agreed on
 * @param etcdCluster id, unsigned decimal
 * @param peers peer URLs by member name
 * @param pki digest of the certificates and keys that the control planes share
 * @param kubernetes the version the cluster was at
 */
public record BackupReceipt(
        String path,
        String sha256,
        long bytes,
        long revision,
        long keys,
        Map<String, Long> prefixes,
        long hash,
        long compactRevision,
        String member,
        String memberId,
        String version,
        String clusterVersion,
        String etcdCluster,
        Map<String, String> peers,
        String pki,
        String kubernetes,
        String cluster,
        String run,
        Instant takenAt) {

    public BackupReceipt {
        prefixes = new TreeMap<>(prefixes);
        peers = new TreeMap<>(peers);
    }

    /** The folder of the store that all of this backup lies in. */
    public String folder() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    public byte[] json() {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty when it is none, or one of an older release, which knew less. */
    static Optional<BackupReceipt> parse(byte[] json) {
        try {
            return Optional.of(Json.mapper().readValue(json, BackupReceipt.class));
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }
}
