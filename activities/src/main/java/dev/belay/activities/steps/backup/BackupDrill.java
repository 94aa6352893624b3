package dev.belay.activities.steps.backup;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.kubernetes.NodeName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Restores a snapshot on a control plane beside the live etcd: in a folder of its own, with the etcdutl of the snapshot's own minor, started on
 * loopback only, as a unit that ends by itself even if nobody comes back for it. What came up is compared with what the live etcd held, and
 * the verdict kept beside the snapshot. Nothing stays on the node.
 */
public final class BackupDrill extends DeclaredStep<BackupDrill.Input, BackupDrill.Output> {

    public record Input(
            @Doc("The snapshot: its path, sha256, or a run's id; that of this run and hop unless given") @Nullable
            String snapshot,

            @Doc("The control plane to restore it on; the one it was taken from unless given") @Nullable
            NodeName node) {}

    public record Output(
            @Doc("The snapshot's path in the backup store") String path,
            @Doc("Its sha256") String sha256,
            @Doc("The revision at which was compared") long revision,
            @Doc("Keys restored") long keys,

            @Doc("Hash of the restored key space, equal to the live etcd's")
            long hash,

            @Doc("The etcd it was restored and started with")
            String version,

            @Doc("Where that was done") String node,
            @Doc("The certificate in the backup store") String certificate) {}

    public BackupDrill() {
        super(
                "backup.drill",
                "Restores a snapshot in a scratch folder of a control plane, compares it with what the live etcd held, removes it again",
                Input.class,
                Output.class,
                Traits.cluster("15m", "20s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        String name = input.snapshot() == null
                ? context.inventory().name() + "/" + context.call().run() + "/"
                        + context.call().hop().to() + "/"
                : input.snapshot();
        Backups backups = Backups.of(context);
        BackupReceipt receipt = backups.named(name);
        Optional<DrillCertificate> before = backups.certificate(receipt).filter(DrillCertificate::passed);
        if (before.isPresent()) {
            return Done.already(
                    output(receipt, before.get()),
                    "drilled before at " + before.get().at());
        }
        NodeName node = input.node() == null ? new NodeName(receipt.member()) : input.node();
        DrillCertificate certificate = SnapshotDrill.of(context).run(receipt, node);
        if (!certificate.passed()) {
            throw SnapshotDrill.failure(certificate, receipt);
        }
        return Done.done(
                output(receipt, certificate),
                certificate.keys() + " keys at revision " + certificate.revision() + " came back on " + node
                        + " with etcd " + certificate.version() + ", hash " + certificate.hash()
                        + " as the live one's");
    }

    private static Output output(BackupReceipt receipt, DrillCertificate certificate) {
        return new Output(
                receipt.path(),
                receipt.sha256(),
                certificate.revision(),
                certificate.keys(),
                certificate.hash(),
                certificate.version(),
                certificate.node(),
                receipt.folder() + Backups.DRILL);
    }
}
