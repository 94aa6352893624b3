package dev.belay.activities.etcd.jetcd;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * {@link EtcdCluster} on jetcd: each member bears its host's name and is asked through its own host. A connection that gave no answer is thrown
 * away, so that the next call dials again and reads renewed certificates.
 */
public final class JetcdCluster implements EtcdCluster, AutoCloseable {

    private final List<NodeName> hosts;
    private final Function<NodeName, EtcdCredentials> credentials;
    private final EtcdDialer dialer;
    private final ScratchDialer scratch;
    private final Map<NodeName, MemberConnection> connections = new ConcurrentHashMap<>();

    /** Connects to each member on its first call; throw-away members are on this machine. */
    public JetcdCluster(List<NodeName> hosts, Function<NodeName, EtcdCredentials> credentials, EtcdDialer dialer) {
        this(hosts, credentials, dialer, ScratchDialer.HERE);
    }

    /** Connects to each member on its first call. */
    public JetcdCluster(
            List<NodeName> hosts,
            Function<NodeName, EtcdCredentials> credentials,
            EtcdDialer dialer,
            ScratchDialer scratch) {
        this.hosts = List.copyOf(hosts);
        this.credentials = credentials;
        this.dialer = dialer;
        this.scratch = scratch;
    }

    @Override
    public List<EtcdMember> members() {
        return fromAny("list the members", MemberConnection::members);
    }

    @Override
    public List<EtcdAlarm> alarms() {
        return fromAny("list the alarms", MemberConnection::alarms);
    }

    @Override
    public MemberStatus status(EtcdMember member) {
        return on(nodeOf(member), "tell its status", MemberConnection::status);
    }

    @Override
    public MemberHash hash(EtcdMember member, long revision) {
        return on(nodeOf(member), "hash its keys at revision " + revision, connection -> connection.hash(revision));
    }

    @Override
    public Map<String, Long> counts(EtcdMember member, long revision) {
        return on(nodeOf(member), "count its keys at revision " + revision, connection -> connection.counts(revision));
    }

    @Override
    public List<String> createdSince(EtcdMember member, long revision, int most) {
        return on(
                nodeOf(member),
                "list its keys made after revision " + revision,
                connection -> connection.createdSince(revision, most));
    }

    @Override
    public ScratchMember scratch(NodeName node, int port) {
        ScratchDialer.Way way = scratch.dial(node, port);
        return new JetcdScratch(node, new MemberConnection(node, way.address(), credentials.apply(node)), way.end());
    }

    @Override
    public SnapshotReceipt snapshot(EtcdMember member, OutputStream sink) throws IOException {
        NodeName node = nodeOf(member);
        try {
            return on(node, "send a snapshot", connection -> {
                try {
                    return connection.snapshot(sink);
                } catch (IOException e) {
                    throw new SinkFailed(e);
                }
            });
        } catch (SinkFailed e) {
            throw e.cause;
        }
    }

    @Override
    public String validateDowngrade(String minor) {
        return downgrade("validate", minor, call -> call.validate(minor));
    }

    @Override
    public void enableDowngrade(String minor) {
        downgrade("enable", minor, call -> call.enable(minor));
    }

    @Override
    public void cancelDowngrade() {
        downgrade("cancel", "", DowngradeCall::cancel);
    }

    @Override
    public void compact(long revision) {
        fromAny("compact to revision " + revision, connection -> connection.compacted(revision), EtcdErrors::isVerdict);
    }

    @Override
    public void defragment(EtcdMember member) {
        on(nodeOf(member), "defragment", MemberConnection::defragmented);
    }

    @Override
    public void disarm(EtcdMember member) {
        fromAny("end an alarm", connection -> connection.disarmed(member.id()));
    }

    @Override
    public void addLearner(List<String> peerUrls) {
        fromAny(
                "add a learner at " + String.join(", ", peerUrls),
                connection -> connection.membership().addLearner(peerUrls),
                EtcdErrors::isVerdict);
    }

    @Override
    public void promote(EtcdMember learner) {
        fromAny(
                "promote the learner " + learner.name(),
                connection -> connection.membership().promote(learner.id()),
                EtcdErrors::isVerdict);
    }

    @Override
    public void remove(EtcdMember member) {
        fromAny(
                "remove the member " + member.id(),
                connection -> connection.membership().remove(member.id()),
                EtcdErrors::isVerdict);
    }

    @Override
    public void moveLeader(EtcdMember to) {
        String id = status(to).leaderId();
        EtcdMember leader = members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.TRANSIENT,
                        "ETCD_NO_QUORUM",
                        "etcd member " + to.name() + " knows of no leader",
                        "look at the other etcd members: a majority must be up and see each other"));
        if (!leader.id().equals(to.id())) {
            on(nodeOf(leader), "hand over to " + to.name(), connection -> connection.handedOver(to.id()));
        }
    }

    /** What one member says no to, all do. */
    private String downgrade(String action, String minor, Function<DowngradeCall, String> ask) {
        return fromAny(
                (action + " a downgrade " + (minor.isEmpty() ? "" : "to " + minor)).strip(),
                connection -> ask.apply(connection.downgrade()),
                EtcdErrors::isVerdict);
    }

    @Override
    public void close() {
        connections.values().forEach(MemberConnection::close);
        connections.clear();
    }

    private NodeName nodeOf(EtcdMember member) {
        if (member.name().isEmpty()) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    EtcdErrors.UNREACHABLE,
                    "etcd member " + member.id() + " (" + String.join(", ", member.peerUrls()) + ") has not started",
                    "start it, or remove it from the member list, before anything else changes");
        }
        return hosts.stream()
                .filter(node -> node.value().equals(member.name()))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "ETCD_MEMBER_UNKNOWN",
                        "etcd member " + member.name() + " is none of the inventory's: " + hosts,
                        "Belay reaches a member through the host of the same name: correct hosts in the inventory"));
    }

    /** Asks the members in the inventory's order until one answers. */
    private <T> T fromAny(String call, Question<T> question) {
        return fromAny(call, question, failure -> false);
    }

    /** @param last a failure after which no other is asked */
    private <T> T fromAny(String call, Question<T> question, Predicate<StepFailure> last) {
        List<StepFailure> failures = new ArrayList<>();
        for (NodeName node : hosts) {
            try {
                return on(node, call, question);
            } catch (StepFailure e) {
                if (last.test(e)) {
                    throw e;
                }
                failures.add(e);
            }
        }
        if (failures.size() == 1) {
            throw failures.get(0);
        }
        boolean mayHeal = failures.stream().anyMatch(e -> e.failure().kind() == FailureKind.TRANSIENT);
        throw StepFailure.of(
                mayHeal ? FailureKind.TRANSIENT : FailureKind.PERMANENT,
                EtcdErrors.UNREACHABLE,
                "no etcd member could " + call + ": "
                        + failures.stream().map(StepFailure::getMessage).collect(Collectors.joining("; ")),
                "look at the etcd of " + hosts);
    }

    /** A connection kept from earlier may have certificates that kubeadm has renewed since: it is made anew once before that counts. */
    private <T> T on(NodeName node, String call, Question<T> question) {
        boolean kept = connections.containsKey(node);
        try {
            return once(node, call, question);
        } catch (StepFailure e) {
            if (!kept || !e.failure().code().equals(EtcdErrors.UNTRUSTED)) {
                throw e;
            }
        }
        return once(node, call, question);
    }

    private <T> T once(NodeName node, String call, Question<T> question) {
        try {
            return question.ask(connections.computeIfAbsent(node, this::connect));
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            if (e instanceof SinkFailed sink) {
                throw sink;
            }
            StepFailure failure = EtcdErrors.of(node, call, e);
            if (EtcdErrors.maySucceedAnew(failure)) {
                forget(node);
            }
            throw failure;
        }
    }

    private MemberConnection connect(NodeName node) {
        return new MemberConnection(node, dialer.dial(node), credentials.apply(node));
    }

    private void forget(NodeName node) {
        MemberConnection dropped = connections.remove(node);
        if (dropped != null) {
            dropped.close();
        }
    }

    /** One question to one member. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(MemberConnection connection) throws ExecutionException, InterruptedException;
    }

    /** Carries the sink's own failure past the translation: a full disk here is no failure of etcd. */
    private static final class SinkFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final IOException cause;

        SinkFailed(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
