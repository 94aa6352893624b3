package dev.belay.activities.steps.restore;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * What one hop of an earlier run kept: the snapshot with its receipt, and the files of every node.
 *
 * @param prefix {@code <cluster>/<run>/<hop>/} in the backup store
 */
record BackupSet(Evidence store, String prefix, Snapshot snapshot) {

    static final String ETCD = StaticPods.DIRECTORY + "/etcd.yaml";

    /** What the receipt beside the snapshot says. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Snapshot(
            String path,
            String sha256,
            long bytes,
            long revision,
            String member,
            String version,
            String etcdCluster,
            String cluster,
            String run,
            Instant takenAt) {}

    static BackupSet of(StepContext context, String prefix) {
        Evidence store = context.evidence();
        String receipt = prefix + "etcd-snapshot.json";
        Snapshot snapshot = store.read(receipt)
                .flatMap(BackupSet::parse)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "BACKUP_MISSING",
                        receipt + " is not in " + store.location() + ", or cannot be read",
                        "name the set of a run that took a snapshot: <cluster>/<run>/<hop>/"));
        return new BackupSet(store, prefix, snapshot);
    }

    private static Optional<Snapshot> parse(byte[] json) {
        try {
            return Optional.of(Json.mapper().readValue(json, Snapshot.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    KeptFiles files(NodeName node) {
        return KeptFiles.of(store, prefix, node);
    }

    /** The value of a flag in the etcd manifest that was kept of a control plane. */
    String etcdFlag(NodeName node, String name) {
        String text = new String(files(node).content(ETCD).orElse(new byte[0]), StandardCharsets.UTF_8);
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("- " + name + "="))
                .map(line -> line.substring(name.length() + 3))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "BACKUP_INCOMPLETE",
                        "the etcd manifest kept of " + node + " has no flag " + name,
                        "restore by hand: docs/safety.md"));
    }
}
