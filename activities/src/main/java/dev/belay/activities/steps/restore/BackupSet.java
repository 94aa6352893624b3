package dev.belay.activities.steps.restore;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.backup.BackupReceipt;
import dev.belay.activities.steps.backup.Backups;
import dev.belay.activities.steps.backup.DrillCertificate;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.InputStream;
import java.util.Optional;

/**
 * What one hop of an earlier run kept: the snapshot with its receipt, and the files of every node.
 *
 * @param all every backup of the cluster
 * @param prefix {@code <cluster>/<run>/<hop>/} in the backup store
 */
record BackupSet(Evidence store, Backups all, String prefix, BackupReceipt snapshot) {

    static BackupSet of(StepContext context, String prefix) {
        Backups all = Backups.of(context);
        return new BackupSet(context.evidence(), all, prefix, all.named(prefix));
    }

    /** The same set, if its snapshot is the one that was agreed on. */
    static BackupSet of(StepContext context, String prefix, String sha256) {
        BackupSet set = of(context, prefix);
        if (!set.snapshot.sha256().equals(sha256)) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "SNAPSHOT_OTHER",
                    "the snapshot of " + prefix + " has the sha256 " + set.snapshot.sha256()
                            + ", and what was approved is " + sha256,
                    "start the way back again: what people said yes to is gone");
        }
        return set;
    }

    /** A trial restore of this very snapshot passed. */
    boolean isDrilled() {
        return all.certificate(snapshot).filter(DrillCertificate::passed).isPresent();
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

    /** The member of a host as it was when its files were kept. */
    KeptEtcd etcd(NodeName node) {
        return new KeptEtcd(node, files(node).etcdSettings());
    }

    /** What one member was told. */
    record KeptEtcd(NodeName node, Optional<EtcdSettings> settings) {

        EtcdSettings known() {
            return settings.orElseThrow(() -> incomplete("no manifest and no settings"));
        }

        String flag(String name) {
            return known().flag(name).orElseThrow(() -> incomplete("no " + name));
        }

        private StepFailure incomplete(String what) {
            return StepFailure.of(
                    FailureKind.PRECONDITION,
                    "BACKUP_INCOMPLETE",
                    "what was kept of the etcd of " + node + " has " + what,
                    "restore by hand: docs/safety.md");
        }
    }
}
