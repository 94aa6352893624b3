package dev.belay.activities.steps.restore;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.backup.BackupReceipt;
import dev.belay.activities.steps.backup.Backups;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What one hop of an earlier run kept: the snapshot with its receipt, and the files of every node.
 *
 * @param prefix {@code <cluster>/<run>/<hop>/} in the backup store
 */
record BackupSet(Evidence store, String prefix, BackupReceipt snapshot) {

    static final String ETCD = StaticPods.DIRECTORY + "/etcd.yaml";

    static BackupSet of(StepContext context, String prefix) {
        return new BackupSet(context.evidence(), prefix, Backups.of(context).named(prefix));
    }

    InputStream open() {
        return store.open(snapshot.path())
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "BACKUP_MISSING",
                        snapshot.path() + " is no longer in " + store.location(),
                        "find another copy of it"));
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
