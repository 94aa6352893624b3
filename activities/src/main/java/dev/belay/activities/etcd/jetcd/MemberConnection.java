package dev.belay.activities.etcd.jetcd;

import com.google.protobuf.UnknownFieldSet;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.KeyPrefix;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.SnapshotReceipt;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.api.AlarmMember;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmType;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MoveLeaderRequest;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcd.jetcd.maintenance.HashKVResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * One member, asked by itself. jetcd's client serves for hashes; its generated stubs for what the client cannot do: a
 * linearizable member list (its protocol file has no such field, so it is sent by number), alarms other than NOSPACE, and a snapshot that
 * can be stopped. The server must prove to be this very node: its certificate is checked against the node's name, not the forward's address.
 */
final class MemberConnection implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(12);
    private static final Duration HASH = Duration.ofSeconds(90);
    private static final Duration SNAPSHOT = Duration.ofMinutes(30);
    private static final Duration DEFRAGMENT = Duration.ofMinutes(15);
    private static final Duration PING = Duration.ofSeconds(10);
    private static final Duration PONG = Duration.ofSeconds(5);
    private static final int LINEARIZABLE_FIELD = 1;
    private static final int CORRUPT = 2;

    private final NodeName node;
    private final InetSocketAddress address;
    private final SslContext tls;
    private final Client client;
    private final ManagedChannel channel;

    MemberConnection(NodeName node, InetSocketAddress address, EtcdCredentials credentials) {
        this.node = node;
        this.address = address;
        this.tls = tls(node, credentials);
        this.client = Client.builder()
                .target(target())
                .sslContext(tls)
                .authority(node.value())
                .waitForReady(false)
                .retryMaxAttempts(1)
                .keepaliveTime(PING)
                .keepaliveTimeout(PONG)
                .interceptor(new ForgottenCalls(HASH))
                .build();
        this.channel = open();
    }

    private static SslContext tls(NodeName node, EtcdCredentials credentials) {
        try {
            return GrpcSslContexts.forClient()
                    .trustManager(stream(credentials.authority()))
                    .keyManager(stream(credentials.certificate()), stream(credentials.key()))
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "ETCD_CERTIFICATES",
                    "the etcd client certificate of " + node + " cannot be used: " + e.getMessage(),
                    "look at ca.crt and healthcheck-client.{crt,key} in /etc/kubernetes/pki/etcd on " + node);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private ManagedChannel open() {
        return NettyChannelBuilder.forAddress(address)
                .sslContext(tls)
                .overrideAuthority(node.value())
                .keepAliveTime(PING.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PONG.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    private String target() {
        return "ip:///" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    List<EtcdMember> members() {
        MemberListRequest linearizable = MemberListRequest.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                LINEARIZABLE_FIELD,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        return ClusterGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .memberList(linearizable)
                .getMembersList()
                .stream()
                .map(MemberConnection::member)
                .sorted(Comparator.comparing(EtcdMember::name).thenComparing(EtcdMember::id))
                .toList();
    }

    private static EtcdMember member(Member member) {
        return new EtcdMember(
                Long.toUnsignedString(member.getID()),
                member.getName(),
                member.getPeerURLsList(),
                member.getClientURLsList(),
                member.getIsLearner());
    }

    List<EtcdAlarm> alarms() {
        AlarmRequest list = AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.GET)
                .setAlarm(AlarmType.NONE)
                .build();
        return MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .alarm(list)
                .getAlarmsList()
                .stream()
                .map(alarm -> new EtcdAlarm(Long.toUnsignedString(alarm.getMemberID()), typeOf(alarm)))
                .sorted(Comparator.comparing(EtcdAlarm::memberId).thenComparing(EtcdAlarm::type))
                .toList();
    }

    private static String typeOf(AlarmMember alarm) {
        if (alarm.getAlarmValue() == CORRUPT) {
            return "CORRUPT";
        }
        return alarm.getAlarm() == AlarmType.UNRECOGNIZED
                ? "UNKNOWN(" + alarm.getAlarmValue() + ")"
                : alarm.getAlarm().name();
    }

    /** jetcd's protocol file ends before the storage version and the downgrade: they are read by number. */
    MemberStatus status() {
        StatusResponse said = MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .status(StatusRequest.getDefaultInstance());
        return new MemberStatus(
                Long.toUnsignedString(said.getHeader().getClusterId()),
                Long.toUnsignedString(said.getHeader().getMemberId()),
                Long.toUnsignedString(said.getLeader()),
                said.getVersion(),
                said.getHeader().getRevision(),
                said.getRaftTerm(),
                said.getRaftIndex(),
                said.getRaftAppliedIndex(),
                said.getDbSize(),
                said.getDbSizeInUse(),
                said.getIsLearner(),
                said.getErrorsList(),
                DowngradeCall.storageVersion(said),
                DowngradeCall.target(said));
    }

    MembershipCall membership() {
        return new MembershipCall(channel, ANSWER);
    }

    DowngradeCall downgrade() {
        return new DowngradeCall(channel, ANSWER);
    }

    MemberHash hash(long revision) throws ExecutionException, InterruptedException {
        HashKVResponse said = await(client.getMaintenanceClient().hashKV(target(), revision), HASH);
        return new MemberHash(Integer.toUnsignedLong(said.getHash()), said.getCompacted());
    }

    Map<String, Long> counts(long revision) {
        Map<String, Long> counts = new TreeMap<>();
        pages(revision).each(key -> counts.merge(KeyPrefix.of(key.getKey().toStringUtf8()), 1L, Long::sum));
        return counts;
    }

    List<String> createdSince(long revision, int most) {
        List<String> created = new ArrayList<>();
        pages(0).each(key -> {
            if (key.getCreateRevision() > revision && created.size() < most) {
                created.add(key.getKey().toStringUtf8());
            }
        });
        return created;
    }

    private KeyPages pages(long revision) {
        return new KeyPages(
                () -> KVGrpc.newBlockingStub(channel).withDeadlineAfter(HASH.toMillis(), TimeUnit.MILLISECONDS),
                revision);
    }

    /** Compacted to a revision, or further already; true. */
    boolean compacted(long revision) {
        try {
            KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(HASH.toMillis(), TimeUnit.MILLISECONDS)
                    .compact(CompactionRequest.newBuilder()
                            .setRevision(revision)
                            .setPhysical(true)
                            .build());
        } catch (StatusRuntimeException e) {
            String words = String.valueOf(e.getStatus().getDescription());
            if (!words.contains("has been compacted")) {
                throw e;
            }
        }
        return true;
    }

    /** Rewrote its file; true. */
    boolean defragmented() {
        MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEFRAGMENT.toMillis(), TimeUnit.MILLISECONDS)
                .defragment(DefragmentRequest.getDefaultInstance());
        return true;
    }

    /** Ended NOSPACE of a member; true. */
    boolean disarmed(String memberId) {
        MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .alarm(AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                        .setAlarm(AlarmType.NOSPACE)
                        .setMemberID(Long.parseUnsignedLong(memberId))
                        .build());
        return true;
    }

    /** As the leader, handed over; true. */
    boolean handedOver(String memberId) {
        MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .moveLeader(MoveLeaderRequest.newBuilder()
                        .setTargetID(Long.parseUnsignedLong(memberId))
                        .build());
        return true;
    }

    /** On a channel of its own, which is gone at the end whatever happens: only that stops the member from sending on. */
    SnapshotReceipt snapshot(OutputStream sink) throws IOException {
        MemberStatus before = status();
        SnapshotTrailer trailer = new SnapshotTrailer();
        ManagedChannel own = open();
        try {
            Iterator<SnapshotResponse> chunks = MaintenanceGrpc.newBlockingStub(own)
                    .withDeadlineAfter(SNAPSHOT.toMillis(), TimeUnit.MILLISECONDS)
                    .snapshot(SnapshotRequest.getDefaultInstance());
            while (chunks.hasNext()) {
                SnapshotResponse chunk = chunks.next();
                trailer.add(chunk.getBlob());
                chunk.getBlob().writeTo(sink);
            }
        } finally {
            own.shutdownNow();
        }
        return receipt(before, trailer);
    }

    private SnapshotReceipt receipt(MemberStatus before, SnapshotTrailer trailer) {
        if (!trailer.holds()) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "SNAPSHOT_CORRUPT",
                    "the snapshot of etcd member " + node
                            + " arrived damaged: its last 32 bytes are not the sha256 of the " + trailer.bytes()
                            + " bytes received",
                    "take it again, from another member if this one's disk is in doubt");
        }
        return new SnapshotReceipt(
                node.value(), before.revision(), trailer.bytes(), trailer.sha256Hex(), before.version());
    }

    private static <T> T await(CompletableFuture<T> answer, Duration limit)
            throws ExecutionException, InterruptedException {
        return answer.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).get();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        client.close();
    }
}
