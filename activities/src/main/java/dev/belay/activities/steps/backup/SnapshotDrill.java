package dev.belay.activities.steps.backup;

import dev.belay.activities.Ports;
import dev.belay.activities.StepClock;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.activities.evidence.Evidence;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.etcd.Etcdutl;
import dev.belay.activities.steps.etcd.SnapshotRestore;
import dev.belay.activities.steps.etcd.TrialEtcd;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Restores a snapshot where it can hurt nobody and compares what comes up with what the live etcd held at its revision: the revision, keys
 * by prefix, and the hash of the key space. The folder and the member on the node are gone at the end, whatever happened.
 *
 * @param mark of whoever does it, such as {@code belay-1a2b3c4d}; names the folder and the unit
 */
public record SnapshotDrill(
        Cluster inventory,
        Hosts hosts,
        EtcdCluster etcd,
        Evidence evidence,
        StepClock clock,
        Runnable heartbeat,
        String mark) {

    public static SnapshotDrill of(StepContext context) {
        return new SnapshotDrill(
                context.inventory(),
                context.hosts(),
                context.etcd(),
                context.evidence(),
                context.clock(),
                context.heartbeat(),
                context.mark());
    }

    /** Outside of a step. */
    public static SnapshotDrill of(Ports ports, String mark) {
        return new SnapshotDrill(
                ports.inventory(), ports.hosts(), ports.etcd(), ports.evidence(), ports.clock(), () -> {}, mark);
    }

    /** Drills on this node, and keeps what was found beside the snapshot. */
    public DrillCertificate run(BackupReceipt receipt, NodeName node) {
        Host host = hosts.on(node);
        ScratchFolder folder = new ScratchFolder(host, mark, receipt.sha256());
        String key = mark + "/drill/" + clock.now().toEpochMilli();
        Etcdutl tool = Etcdutl.of(host, EtcdVersion.parse(receipt.version()), key, heartbeat);
        TrialEtcd trial = new TrialEtcd(host, tool.program(), folder.path(), mark + "-drill", clock, heartbeat);
        trial.end();
        folder.remove();
        DrillCertificate certificate = drilled(receipt, tool, folder, trial);
        evidence.store(receipt.folder() + Backups.DRILL, sink -> sink.write(certificate.json()));
        return certificate;
    }

    private DrillCertificate drilled(BackupReceipt receipt, Etcdutl tool, ScratchFolder folder, TrialEtcd trial) {
        RuntimeException broken = null;
        try {
            return compared(receipt, tool, folder, trial);
        } catch (RuntimeException e) {
            broken = e;
            throw e;
        } finally {
            tidy(folder, trial, broken);
        }
    }

    private static void tidy(ScratchFolder folder, TrialEtcd trial, @Nullable RuntimeException broken) {
        try {
            trial.end();
            folder.remove();
        } catch (StepFailure e) {
            if (broken == null) {
                throw e;
            }
            broken.addSuppressed(e);
        }
    }

    private DrillCertificate compared(BackupReceipt receipt, Etcdutl tool, ScratchFolder folder, TrialEtcd trial) {
        Host host = tool.host();
        folder.make(receipt.bytes());
        String file = folder.path() + "/" + Backups.SNAPSHOT;
        host.upload(file, () -> content(receipt), FileAttributes.ROOT_ONLY);
        folder.verify(file, receipt.sha256());
        TrialEtcd.Ports ports = trial.freePorts();
        Map<String, String> peers = Map.of(TrialEtcd.NAME, ports.peerUrl());
        tool.restore(new SnapshotRestore(
                file, TrialEtcd.NAME, peers, tool.key().replace('/', '-'), folder.path() + "/data", 0));
        trial.start(EtcdSettings.of(inventory, host), folder.path() + "/data", ports);
        try (ScratchMember member = etcd.scratch(host.node(), ports.client())) {
            trial.await(member);
            return certificate(receipt, host.node(), tool, member);
        }
    }

    private InputStream content(BackupReceipt receipt) throws IOException {
        return evidence.open(receipt.path())
                .orElseThrow(() -> new IOException(evidence.location() + " has no " + receipt.path() + " any more"));
    }

    private DrillCertificate certificate(BackupReceipt receipt, NodeName node, Etcdutl tool, ScratchMember member) {
        long at = receipt.revision();
        List<String> differences = new ArrayList<>();
        long reached = member.status().revision();
        if (reached < at) {
            differences.add("the restored etcd is at revision " + reached + ", the snapshot should hold " + at);
            at = reached;
        }
        Map<String, Long> counts = member.counts(at);
        member.compact(receipt.compactRevision());
        MemberHash hash = member.hash(at);
        differ(receipt.prefixes(), counts, differences);
        if (!hash.equals(new MemberHash(receipt.hash(), receipt.compactRevision()))) {
            differences.add("the key space hashes to " + hash.hash() + " compacted at " + hash.compactRevision()
                    + " at revision " + at + ", the live etcd's was " + receipt.hash() + " compacted at "
                    + receipt.compactRevision());
        }
        return new DrillCertificate(
                receipt.sha256(),
                differences.isEmpty() ? DrillCertificate.PASSED : DrillCertificate.FAILED,
                differences,
                at,
                counts.values().stream().mapToLong(Long::longValue).sum(),
                counts,
                hash.hash(),
                hash.compactRevision(),
                tool.program().version().toString(),
                tool.program().where(),
                node.value(),
                mark,
                clock.now());
    }

    private static void differ(Map<String, Long> live, Map<String, Long> restored, List<String> differences) {
        TreeSet<String> prefixes = new TreeSet<>(live.keySet());
        prefixes.addAll(restored.keySet());
        for (String prefix : prefixes) {
            long before = live.getOrDefault(prefix, 0L);
            long now = restored.getOrDefault(prefix, 0L);
            if (before != now) {
                differences.add(prefix + " has " + now + " keys, the live etcd had " + before);
            }
        }
    }

    /** A failed drill as the failure it is. */
    static StepFailure failure(DrillCertificate certificate, BackupReceipt receipt) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "DRILL_FAILED",
                receipt.path() + " was restored on " + certificate.node() + " and is not what the live etcd held: "
                        + String.join("; ", certificate.differences()),
                "do not go on with this snapshot: look at the member it is from, " + receipt.member()
                        + ", then retry the snapshot and the drill");
    }
}
