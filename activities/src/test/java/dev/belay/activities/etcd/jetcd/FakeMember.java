package dev.belay.activities.etcd.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.belay.activities.fake.TestAuthority;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An etcd member that sends what a test wants: a damaged snapshot, one that breaks off, one without end. */
final class FakeMember extends MaintenanceGrpc.MaintenanceImplBase implements AutoCloseable {

    final CountDownLatch cancelled = new CountDownLatch(1);
    private final TestAuthority authority = new TestAuthority();
    private final TestAuthority.Issued client = authority.client();
    private final Consumer<ServerCallStreamObserver<SnapshotResponse>> sends;
    private final Server server;

    FakeMember(Consumer<ServerCallStreamObserver<SnapshotResponse>> sends) throws IOException {
        this(0, sends);
    }

    FakeMember(int port, Consumer<ServerCallStreamObserver<SnapshotResponse>> sends) throws IOException {
        this.sends = sends;
        TestAuthority.Issued own = authority.server("cp1");
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sslContext(GrpcSslContexts.forServer(stream(own.certificate()), stream(own.key()))
                        .build())
                .addService(this)
                .build()
                .start();
    }

    EtcdCredentials credentials() {
        return new EtcdCredentials(authority.authority(), client.certificate(), client.key());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    static SnapshotResponse chunk(String text) {
        return SnapshotResponse.newBuilder()
                .setBlob(ByteString.copyFromUtf8(text))
                .build();
    }

    static void breakOff(StreamObserver<SnapshotResponse> answer) {
        answer.onError(Status.UNAVAILABLE.withDescription("the disk is gone").asRuntimeException());
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
        answer.onNext(StatusResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder()
                        .setClusterId(-2L)
                        .setMemberId(-1L)
                        .setRevision(7)
                        .build())
                .setLeader(-1L)
                .setVersion("3.5.35")
                .build());
        answer.onCompleted();
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> answer) {
        ServerCallStreamObserver<SnapshotResponse> stream = (ServerCallStreamObserver<SnapshotResponse>) answer;
        stream.setOnCancelHandler(cancelled::countDown);
        sends.accept(stream);
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Its port is free again. */
    void closeAndGiveBack() throws InterruptedException {
        assertThat(server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
