package dev.belay.activities.fake;

import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdCluster;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Members with the state a test gives them. */
public final class FakeEtcd implements EtcdCluster {

    public final List<EtcdMember> members = new ArrayList<>();
    public final TreeMap<String, MemberStatus> statuses = new TreeMap<>();
    public final TreeMap<String, MemberHash> hashes = new TreeMap<>();
    public final List<EtcdAlarm> alarms = new ArrayList<>();
    public String snapshot = "snapshot";

    /** A healthy member; the first one leads. */
    public void member(String name, String version) {
        String id = String.valueOf(100 + members.size());
        members.add(new EtcdMember(
                id, name, List.of("https://" + name + ":2380"), List.of("https://" + name + ":2379"), false));
        statuses.put(
                name,
                new MemberStatus(
                        "1", id, "100", version, 500, 3, 900, 900, 50_000_000, 40_000_000, false, List.of(), "", ""));
        hashes.put(name, new MemberHash(77, 10));
    }

    @Override
    public List<EtcdMember> members() {
        return List.copyOf(members);
    }

    @Override
    public MemberStatus status(EtcdMember member) {
        MemberStatus status = statuses.get(member.name());
        if (status == null) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "ETCD_UNREACHABLE",
                    "etcd member " + member.name() + " does not answer",
                    "look at it");
        }
        return status;
    }

    @Override
    public List<EtcdAlarm> alarms() {
        return List.copyOf(alarms);
    }

    @Override
    public MemberHash hash(EtcdMember member, long revision) {
        return hashes.get(member.name());
    }

    @Override
    public Map<String, Long> counts(EtcdMember member, long revision) {
        return Map.of("/registry/pods", 7L, "/registry/minions", 3L);
    }

    @Override
    public List<String> createdSince(EtcdMember member, long revision, int most) {
        return List.of("/registry/configmaps/default/late", "/registry/pods/default/late-1");
    }

    @Override
    public ScratchMember scratch(NodeName node, int port) {
        throw new UnsupportedOperationException("the twin has throw-away members");
    }

    @Override
    public SnapshotReceipt snapshot(EtcdMember member, OutputStream sink) throws IOException {
        byte[] bytes = snapshot.getBytes(StandardCharsets.UTF_8);
        sink.write(bytes);
        MemberStatus status = status(member);
        return new SnapshotReceipt(
                member.name(), status.revision(), bytes.length, FakeEvidence.sha256(bytes), status.version());
    }

    @Override
    public String validateDowngrade(String minor) {
        throw new UnsupportedOperationException("the twin has downgrades");
    }

    @Override
    public void enableDowngrade(String minor) {
        throw new UnsupportedOperationException("the twin has downgrades");
    }

    @Override
    public void cancelDowngrade() {
        throw new UnsupportedOperationException("the twin has downgrades");
    }

    @Override
    public void compact(long revision) {
        throw new UnsupportedOperationException("the twin has database files");
    }

    @Override
    public void defragment(EtcdMember member) {
        throw new UnsupportedOperationException("the twin has database files");
    }

    @Override
    public void disarm(EtcdMember member) {
        throw new UnsupportedOperationException("the twin has database files");
    }

    @Override
    public void addLearner(List<String> peerUrls) {
        throw new UnsupportedOperationException("the twin has a member list");
    }

    @Override
    public void promote(EtcdMember learner) {
        throw new UnsupportedOperationException("the twin has a member list");
    }

    @Override
    public void remove(EtcdMember member) {
        throw new UnsupportedOperationException("the twin has a member list");
    }

    @Override
    public void moveLeader(EtcdMember to) {
        throw new UnsupportedOperationException("the twin has elections");
    }
}
