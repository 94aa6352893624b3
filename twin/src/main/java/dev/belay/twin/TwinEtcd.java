package dev.belay.twin;

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
import dev.belay.twin.etcd.Database;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.etcd.Member;
import dev.belay.twin.machine.Files;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** etcd's gRPC on the simulated members. */
final class TwinEtcd implements EtcdCluster {

    private final Session session;

    TwinEtcd(Session session) {
        this.session = session;
    }

    @Override
    public List<EtcdMember> members() {
        return session.look(() -> {
            requireQuorum();
            return Stream.concat(
                            ring().membership().waiting().stream()
                                    .map(place -> unstarted(place.getKey(), place.getValue())),
                            ring().members().stream().map(TwinEtcd::seen))
                    .toList();
        });
    }

    @Override
    public MemberStatus status(EtcdMember asked) {
        return session.look(() -> {
            Member member = running(asked);
            long applied = ring().applied(member);
            return new MemberStatus(
                    ring().clusterId(member),
                    member.id(),
                    ring().leader()
                            .filter(leader -> ring().belongs(member))
                            .map(Member::id)
                            .orElse("0"),
                    member.version(),
                    applied,
                    ring().term(),
                    ring().raftIndex(),
                    ring().raftIndex() - (ring().revision() - applied),
                    ring().space().size(member),
                    ring().space().inUse(member),
                    member.isLearner(),
                    errors(member),
                    ring().storageVersion(member).orElse(""),
                    ring().downgradeTarget(member).orElse(""));
        });
    }

    @Override
    public List<EtcdAlarm> alarms() {
        return session.look(() -> {
            requireQuorum();
            return ring().space().alarms().stream()
                    .map(member -> new EtcdAlarm(member.id(), "NOSPACE"))
                    .toList();
        });
    }

    @Override
    public MemberHash hash(EtcdMember asked, long revision) {
        return session.look(() -> {
            Member member = voting(asked);
            require(member, revision, "hash its keys");
            return new MemberHash(ring().hash(member, revision), ring().compactRevision());
        });
    }

    @Override
    public Map<String, Long> counts(EtcdMember asked, long revision) {
        return session.look(() -> {
            require(running(asked), revision, "count its keys");
            return ring().counts(revision);
        });
    }

    @Override
    public List<String> createdSince(EtcdMember asked, long revision, int most) {
        return session.look(() -> {
            running(asked);
            return ring().createdSince(revision).stream().limit(most).toList();
        });
    }

    @Override
    public ScratchMember scratch(NodeName node, int port) {
        return new TwinScratch(session, node, port);
    }

    private void require(Member member, long revision, String call) {
        boolean future = revision > ring().applied(member);
        if (future || revision < ring().compactRevision()) {
            throw notThere(member, call, future);
        }
    }

    private static StepFailure notThere(Member member, String call, boolean future) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "ETCD_REVISION",
                "etcd member " + member.name() + " cannot " + call + ": etcdserver: mvcc: required revision "
                        + (future ? "is a future revision" : "has been compacted"),
                "retry the step: it asks at a newer revision");
    }

    @Override
    public SnapshotReceipt snapshot(EtcdMember asked, OutputStream sink) throws IOException {
        Database database = session.look(() -> ring().database(running(asked)));
        byte[] content = database.snapshot();
        sink.write(content);
        return new SnapshotReceipt(
                asked.name(), database.revision(), content.length, Files.sha256(content), database.version());
    }

    @Override
    public String validateDowngrade(String minor) {
        return session.look(() -> {
            requireDowngrade("validate", minor);
            return "3." + ring().clusterMinor();
        });
    }

    @Override
    public void enableDowngrade(String minor) {
        session.act("etcd downgrade enable " + minor, () -> {
            requireDowngrade("enable", minor);
            ring().enableDowngrade(minor);
        });
    }

    @Override
    public void cancelDowngrade() {
        session.act("etcd downgrade cancel", () -> {
            requireQuorum();
            ring().cancelDowngrade();
        });
    }

    @Override
    public void compact(long revision) {
        session.act("etcd compact " + revision, () -> {
            requireQuorum();
            if (revision > ring().revision()) {
                throw notThere(ring().members().get(0), "compact", true);
            }
            ring().compact(revision);
        });
    }

    @Override
    public void defragment(EtcdMember asked) {
        session.act("etcd defragment " + asked.name(), () -> ring().space().defragment(running(asked)));
    }

    @Override
    public void disarm(EtcdMember asked) {
        session.act("etcd disarm " + asked.name(), () -> {
            requireQuorum();
            ring().member(asked.name()).ifPresent(ring().space()::disarm);
        });
    }

    @Override
    public void moveLeader(EtcdMember to) {
        session.act("etcd move leader to " + to.name(), () -> {
            requireQuorum();
            ring().lead(running(to));
        });
    }

    @Override
    public void addLearner(List<String> peerUrls) {
        session.act("etcd add learner " + String.join(",", peerUrls), () -> {
            requireQuorum();
            ring().membership().addLearner(peerUrls).ifPresent(words -> {
                throw refused("add a learner", words);
            });
        });
    }

    @Override
    public void promote(EtcdMember learner) {
        session.act("etcd promote " + learner.name(), () -> {
            requireQuorum();
            if (!ring().membership().promote(learner.id())) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "ETCD_LEARNER_BEHIND",
                        "etcd cannot promote the learner " + learner.name()
                                + " yet: etcdserver: can only promote a learner member which is in sync with leader",
                        "the learner receives what the others have: promote it when it has all");
            }
        });
    }

    @Override
    public void remove(EtcdMember member) {
        session.act("etcd remove " + member.name(), () -> {
            requireQuorum();
            if (!ring().membership().spares(member.id())) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "ETCD_UNREACHABLE",
                        "no etcd member could remove the member " + member.id() + ": etcdserver: unhealthy cluster",
                        "look at the other etcd members: a majority must be up and see each other");
            }
            ring().membership().remove(member.id());
        });
    }

    private void requireDowngrade(String action, String minor) {
        requireQuorum();
        ring().refusesDowngrade(minor).ifPresent(words -> {
            throw refused(action + " a downgrade to " + minor, words);
        });
    }

    private StepFailure refused(String call, String words) {
        String member = ring().members().get(0).name();
        return StepFailure.of(
                FailureKind.PERMANENT,
                "ETCD_REFUSED",
                "etcd member " + member + " refused to " + call + ": " + words,
                "look at the log of the etcd pod on " + member);
    }

    private void requireQuorum() {
        if (!ring().answers()) {
            throw noQuorum();
        }
    }

    private Member running(EtcdMember asked) {
        return ring().member(asked.name())
                .filter(Member::isRunning)
                .orElseThrow(() -> unreachable(asked.name(), "connection refused"));
    }

    private Member voting(EtcdMember asked) {
        Member member = running(asked);
        if (member.isLearner()) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "ETCD_NO_QUORUM",
                    "etcd member " + member.name()
                            + " answers, but cannot hash its keys: etcdserver: rpc not supported for learner",
                    "look at the other etcd members: a majority must be up and see each other");
        }
        return member;
    }

    private List<String> errors(Member member) {
        return ring().space().alarms().contains(member)
                ? List.of("memberID:" + member.id() + " alarm:NOSPACE ")
                : List.of();
    }

    private EtcdRing ring() {
        return session.world().etcd();
    }

    private static EtcdMember seen(Member member) {
        return new EtcdMember(
                member.id(),
                member.name(),
                List.of(member.peerUrl()),
                List.of("https://" + member.address() + ":2379"),
                member.isLearner());
    }

    private static EtcdMember unstarted(String id, List<String> peerUrls) {
        return new EtcdMember(id, "", peerUrls, List.of(), true);
    }

    static StepFailure unreachable(String who, String why) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "ETCD_UNREACHABLE",
                "etcd member " + who + " gives no answer: " + why,
                "look at the etcd pod on " + who + ", and whether the node is up");
    }

    /** Whichever member is asked: if none runs at all, nobody answers. */
    private StepFailure noQuorum() {
        return ring().members().stream()
                .filter(Member::isRunning)
                .findFirst()
                .map(member -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "ETCD_NO_QUORUM",
                        "etcd member " + member.name() + " answers, but cannot list the members: etcdserver: no leader",
                        "look at the other etcd members: a majority must be up and see each other"))
                .orElseGet(() -> unreachable(ring().members().get(0).name(), "connection refused"));
    }
}
