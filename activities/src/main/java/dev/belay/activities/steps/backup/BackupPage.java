package dev.belay.activities.steps.backup;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Nothing;
import java.nio.charset.StandardCharsets;

/**
 * Writes how to do the restore by hand, filled in for this very cluster, beside the snapshot: for the day on which Belay itself is gone. It is
 * what {@code runbooks/etcd-restore.yaml} does, in its order.
 */
public final class BackupPage extends DeclaredStep<Nothing, BackupPage.Output> {

    private static final String NAME = "restore-by-hand.md";

    public record Output(
            @Doc("Where the page is in the backup store") String path) {}

    public BackupPage() {
        super(
                "backup.page",
                "Writes how to restore this very cluster by hand, command by command, beside its snapshot",
                Nothing.class,
                Output.class,
                Traits.cluster("2m", "2s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        byte[] page = RestorePage.of(context).text().getBytes(StandardCharsets.UTF_8);
        Artifact stored = context.evidence().store(EvidencePath.of(context, NAME), sink -> sink.write(page));
        return Done.done(
                new Output(stored.path()),
                stored.path() + " in " + context.evidence().location());
    }
}
