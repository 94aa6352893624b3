package dev.belay.cli.text;

import dev.belay.activities.steps.backup.BackupReceipt;
import dev.belay.activities.steps.backup.BackupReport;
import dev.belay.activities.steps.backup.DrillCertificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The backups of a cluster, the newest first. */
public final class BackupsText {

    private BackupsText() {}

    public static String of(String location, List<BackupReport> reports, Paint paint) {
        if (reports.isEmpty()) {
            return "no backup of this cluster in " + location + "\n";
        }
        StringBuilder text = new StringBuilder();
        reports.forEach(report -> one(text, report, paint));
        return text.toString();
    }

    private static void one(StringBuilder text, BackupReport report, Paint paint) {
        BackupReceipt receipt = report.receipt();
        text.append(paint.bold(receipt.path())).append('\n');
        line(text, "taken", receipt.takenAt() + " from " + receipt.member() + ", Kubernetes " + receipt.kubernetes());
        line(
                text,
                "holds",
                receipt.keys() + " keys at revision " + receipt.revision() + " of etcd " + receipt.version());
        line(text, "file", receipt.bytes() + " bytes, sha256 " + receipt.sha256());
        line(text, "drill", drill(report.drill()));
        List<String> problems = report.problems();
        if (problems != null) {
            line(text, "read", problems.isEmpty() ? "all of it is what was kept" : String.join("; ", problems));
        }
    }

    private static String drill(@Nullable DrillCertificate drill) {
        if (drill == null) {
            return "never; `belay backups drill` does it";
        }
        String how = drill.passed() ? "passed" : "FAILED: " + String.join("; ", drill.differences());
        return how + ", " + drill.at() + " on " + drill.node() + " with etcd " + drill.version();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("  ").append(Words.pad(label, 6)).append(value).append('\n');
    }
}
