package dev.belay.activities.steps.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.plan.Json;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Streams a snapshot of one member into the backup store, checked on the way, and writes a receipt beside it. A healthy follower gives it,
 * to spare the leader. One file is enough for all members. The receipt is written last: a snapshot without one is not finished, and one
 * whose sha256 is not the receipt's is taken again.
 */
public final class BackupEtcd extends DeclaredStep<Nothing, BackupEtcd.Output> {

    static final String SNAPSHOT = "etcd-snapshot.db";
    static final String RECEIPT = "etcd-snapshot.json";

    public record Output(
            @Doc("Where it is in the backup store") String path,
            @Doc("sha256 of the file") String sha256,
            @Doc("Size in bytes") long bytes,
            @Doc("Revision it holds at least") long revision,
            @Doc("The member it was taken from") String member,

            @Doc("That member's version: a restore needs an etcdutl of this minor")
            String version) {}

    /** What lies beside the snapshot. */
    record Receipt(
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

    public BackupEtcd() {
        super(
                "backup.etcd",
                "Streams a snapshot of one etcd member into the backup store, with a receipt: sha256, revision, member, version",
                Nothing.class,
                Output.class,
                Traits.cluster("15m", "10s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Optional<Receipt> finished = finished(context);
        if (finished.isPresent()) {
            return Done.already(
                    output(finished.get()), "taken before at " + finished.get().takenAt());
        }
        EtcdPicture picture = EtcdPicture.take(context.etcd());
        EtcdMember source = source(picture);
        MemberStatus status = picture.statuses().get(source.name());
        String path = EvidencePath.of(context, SNAPSHOT);
        AtomicReference<SnapshotReceipt> taken = new AtomicReference<>();
        Artifact stored =
                context.evidence().store(path, sink -> taken.set(context.etcd().snapshot(source, sink)));
        SnapshotReceipt snapshot = Objects.requireNonNull(taken.get(), "a stored snapshot has a receipt");
        verify(snapshot, stored, status == null ? 0 : status.revision());
        Receipt receipt = new Receipt(
                path,
                stored.sha256(),
                stored.bytes(),
                snapshot.revision(),
                snapshot.member(),
                snapshot.version(),
                status == null ? "" : status.clusterId(),
                context.inventory().name(),
                context.call().run(),
                context.clock().now());
        byte[] json = json(receipt);
        context.evidence().store(EvidencePath.of(context, RECEIPT), sink -> sink.write(json));
        return Done.done(
                output(receipt),
                stored.bytes() + " bytes at revision " + receipt.revision() + " from " + receipt.member() + " in "
                        + context.evidence().location());
    }

    private static Optional<Receipt> finished(StepContext context) {
        String path = EvidencePath.of(context, SNAPSHOT);
        Optional<Receipt> receipt =
                context.evidence().read(EvidencePath.of(context, RECEIPT)).flatMap(BackupEtcd::parse);
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

    private static Output output(Receipt receipt) {
        return new Output(
                receipt.path(),
                receipt.sha256(),
                receipt.bytes(),
                receipt.revision(),
                receipt.member(),
                receipt.version());
    }

    private static Optional<Receipt> parse(byte[] json) {
        try {
            return Optional.of(Json.mapper().readValue(json, Receipt.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] json(Receipt receipt) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(receipt);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
