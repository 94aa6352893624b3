package dev.belay.activities.steps.backup;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Streams a snapshot of one member into the backup store, checked on the way, and writes a receipt beside it. A healthy follower gives it,
 * to spare the leader. One file is enough for all members. The receipt is written last: a snapshot without one is not finished, and one
 * whose sha256 is not the receipt's is taken again. Afterwards what the inventory's retention no longer wants goes.
 */
public final class BackupEtcd extends DeclaredStep<Nothing, BackupEtcd.Output> {

    public record Output(
            @Doc("Where it is in the backup store") String path,
            @Doc("sha256 of the file") String sha256,
            @Doc("Size in bytes") long bytes,
            @Doc("Revision it holds at least") long revision,
            @Doc("Keys at that revision") long keys,

            @Doc("Hash of the key space at that revision, as the live etcd has it")
            long hash,

            @Doc("Revision up to which history was gone when it was hashed")
            long compactRevision,

            @Doc("The member it was taken from") String member,
            @Doc("That member's id, unsigned decimal") String memberId,

            @Doc("That member's version: a restore needs an etcdutl of this minor")
            String version,

            @Doc("The version the etcd members agree on") String clusterVersion,
            @Doc("The etcd cluster's id, unsigned decimal") String etcdCluster,

            @Doc("Digest of what the control planes' pki have alike")
            String pki,

            @Doc("When it was taken, UTC") String takenAt,
            @Doc("Older backups that retention removed") int removed) {}

    public BackupEtcd() {
        super(
                "backup.etcd",
                "Streams a snapshot of one etcd member into the backup store, with a receipt: sha256, revision, keys, hash, versions, pki",
                Nothing.class,
                Output.class,
                Traits.cluster("15m", "10s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Optional<BackupReceipt> finished = finished(context);
        BackupReceipt receipt = finished.orElseGet(() -> taken(context));
        List<String> removed = Backups.of(context).retain(context);
        Output output = output(receipt, removed.size());
        if (finished.isPresent()) {
            return Done.already(output, "taken before at " + receipt.takenAt());
        }
        String gone = removed.isEmpty() ? "" : "; gone by retention: " + String.join(", ", removed);
        return Done.done(
                output,
                receipt.bytes() + " bytes at revision " + receipt.revision() + " from " + receipt.member() + " in "
                        + context.evidence().location() + gone);
    }

    private static BackupReceipt taken(StepContext context) {
        EtcdPicture picture = EtcdPicture.take(context.etcd());
        EtcdMember source = source(picture);
        String path = EvidencePath.of(context, Backups.SNAPSHOT);
        AtomicReference<SnapshotReceipt> taken = new AtomicReference<>();
        Artifact stored =
                context.evidence().store(path, sink -> taken.set(context.etcd().snapshot(source, sink)));
        SnapshotReceipt snapshot = Objects.requireNonNull(taken.get(), "a stored snapshot has a receipt");
        MemberStatus status = Objects.requireNonNull(picture.statuses().get(source.name()));
        verify(snapshot, stored, status.revision());
        BackupReceipt receipt = receipt(context, picture, source, snapshot, path);
        context.evidence().store(EvidencePath.of(context, Backups.RECEIPT), sink -> sink.write(receipt.json()));
        return receipt;
    }

    private static BackupReceipt receipt(
            StepContext context, EtcdPicture picture, EtcdMember source, SnapshotReceipt snapshot, String path) {
        MemberHash hash = context.etcd().hash(source, snapshot.revision());
        Map<String, Long> prefixes = context.etcd().counts(source, snapshot.revision());
        return new BackupReceipt(
                path,
                snapshot.sha256(),
                snapshot.bytes(),
                snapshot.revision(),
                prefixes.values().stream().mapToLong(Long::longValue).sum(),
                prefixes,
                hash.hash(),
                hash.compactRevision(),
                source.name(),
                source.id(),
                snapshot.version(),
                clusterVersion(picture),
                Objects.requireNonNull(picture.statuses().get(source.name())).clusterId(),
                peers(picture),
                SharedPki.digest(context.hosts().on(new NodeName(source.name()))),
                context.call().hop().from().toString(),
                context.inventory().name(),
                context.call().run(),
                context.clock().now());
    }

    private static Optional<BackupReceipt> finished(StepContext context) {
        String path = EvidencePath.of(context, Backups.SNAPSHOT);
        Optional<BackupReceipt> receipt = context.evidence()
                .read(EvidencePath.of(context, Backups.RECEIPT))
                .flatMap(BackupReceipt::parse);
        return receipt.filter(known -> context.evidence().list(path).stream()
                .anyMatch(file -> file.path().equals(path) && file.sha256().equals(known.sha256())));
    }

    private static EtcdMember source(EtcdPicture picture) {
        String leader = picture.leader().map(EtcdMember::id).orElse("");
        List<EtcdMember> able = picture.members().stream()
                .filter(member -> !member.learner() && picture.statuses().containsKey(member.name()))
                .toList();
        return able.stream()
                .min(Comparator.comparing((EtcdMember member) -> member.id().equals(leader)))
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "ETCD_UNREACHABLE",
                        "no etcd member answers: " + picture.unreachable(),
                        "look at the etcd static pods"));
    }

    private static void verify(SnapshotReceipt snapshot, Artifact stored, long before) {
        boolean same = snapshot.sha256().equals(stored.sha256()) && snapshot.bytes() == stored.bytes();
        if (!same || stored.bytes() == 0 || snapshot.revision() < before) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "SNAPSHOT_CORRUPT",
                    "the snapshot of " + snapshot.member() + " was sent as " + snapshot.bytes() + " bytes "
                            + snapshot.sha256() + " and stored as " + stored.bytes() + " bytes " + stored.sha256()
                            + ", at revision " + snapshot.revision() + " of " + before,
                    "look at the backup store and the network; retry takes another one");
        }
    }

    /** The lowest minor of the members, as etcd itself decides it. */
    private static String clusterVersion(EtcdPicture picture) {
        return picture.statuses().values().stream()
                .map(status -> EtcdVersion.parse(status.version()))
                .min(Comparator.naturalOrder())
                .map(lowest -> lowest.major() + "." + lowest.minor())
                .orElse("");
    }

    private static Map<String, String> peers(EtcdPicture picture) {
        Map<String, String> peers = new TreeMap<>();
        picture.members().forEach(member -> peers.put(member.name(), String.join(",", member.peerUrls())));
        return peers;
    }

    private static Output output(BackupReceipt receipt, int removed) {
        return new Output(
                receipt.path(),
                receipt.sha256(),
                receipt.bytes(),
                receipt.revision(),
                receipt.keys(),
                receipt.hash(),
                receipt.compactRevision(),
                receipt.member(),
                receipt.memberId(),
                receipt.version(),
                receipt.clusterVersion(),
                receipt.etcdCluster(),
                receipt.pki(),
                receipt.takenAt().toString(),
                removed);
    }
}
