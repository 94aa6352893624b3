package dev.belay.activities.steps.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.model.plan.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kept beside a snapshot: that it was restored once, and what came up.
 *
 * @param snapshot its sha256
 * @param verdict PASSED or FAILED
 * @param differences one sentence each; none when it passed
 * @param revision at which was compared
 * @param keys restored, at that revision
 * @param hash restored, at that revision and compacted at {@code compactRevision}
 * @param version of the etcd that it was restored and started with
 * @param tool where that etcd was from
 * @param by the run, or who asked outside of one
 */
public record DrillCertificate(
        String snapshot,
        String verdict,
        List<String> differences,
        long revision,
        long keys,
        Map<String, Long> prefixes,
        long hash,
        long compactRevision,
        String version,
        String tool,
        String node,
        String by,
        Instant at) {

    static final String PASSED = "PASSED";
    static final String FAILED = "FAILED";

    public DrillCertificate {
        differences = List.copyOf(differences);
        prefixes = new TreeMap<>(prefixes);
    }

    public boolean passed() {
        return verdict.equals(PASSED);
    }

    byte[] json() {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Optional<DrillCertificate> parse(byte[] json) {
        try {
            return Optional.of(Json.mapper().readValue(json, DrillCertificate.class));
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }
}
