package dev.belay.activities.steps.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backup as one looks at it from outside of a run.
 *
 * @param drill null when it was never restored for a trial
 * @param problems found when it was read again; null when it was not read
 */
public record BackupReport(
        BackupReceipt receipt,
        @Nullable DrillCertificate drill,
        @Nullable List<String> problems) {

    /** Says whether nothing that was looked at is wrong with it. */
    public boolean isSound() {
        return (problems == null || problems.isEmpty()) && (drill == null || drill.passed());
    }
}
