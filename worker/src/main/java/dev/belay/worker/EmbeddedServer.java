package dev.belay.worker;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.api.testservice.v1.LockTimeSkippingRequest;
import io.temporal.api.testservice.v1.UnlockTimeSkippingRequest;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import io.temporal.serviceclient.TestServiceStubs;
import io.temporal.serviceclient.TestServiceStubsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Temporal's test server on a free loopback port. It forgets everything when it ends; its time jumps to the next timer whenever nothing
 * runs, unless it is held. Three gaps of the test server are closed here: it binds loopback only, it answers
 * {@code ListWorkflowExecutions}, and a lost worker does not leave its workflows waiting for ever ({@link StickyReaper}).
 */
public final class EmbeddedServer implements AutoCloseable {

    private final TestServicesStarter services;
    private final StickyReaper reaper;
    private final Server server;
    private final String target;
    private final TestServiceStubs time;
    private boolean held = true;

    private EmbeddedServer(TestServicesStarter services, StickyReaper reaper, Server server) {
        this.services = services;
        this.reaper = reaper;
        this.server = server;
        this.target = InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort();
        this.time = TestServiceStubs.newServiceStubs(
                TestServiceStubsOptions.newBuilder().setTarget(target).validateAndBuildWithDefaults());
    }

    /** Starts with time held: it passes as on the wall until {@link #skipTime()}. */
    public static EmbeddedServer start() {
        return start(Duration.ofSeconds(3));
    }

    /**
     * Starts with time held.
     *
     * @param lost after which a worker that no longer asks for work counts as lost
     */
    public static EmbeddedServer start(Duration lost) {
        TestServicesStarter services = new TestServicesStarter(true, 0);
        StickyReaper reaper = new StickyReaper(services.getWorkflowService(), lost);
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(loopback).maxInboundMessageSize(16 << 20);
        GRPCServerHelper.registerServicesAndHealthChecks(bound(services, reaper), builder);
        try {
            return new EmbeddedServer(services, reaper, builder.build().start());
        } catch (IOException e) {
            services.close();
            throw new UncheckedIOException("the embedded Temporal server could not listen on loopback", e);
        }
    }

    private static List<BindableService> bound(TestServicesStarter services, StickyReaper reaper) {
        List<BindableService> bound = new ArrayList<>(services.getServices());
        bound.remove(services.getWorkflowService());
        bound.add(new EmbeddedWorkflowService(services.getWorkflowService(), reaper));
        return bound;
    }

    /** {@code host:port} for clients, also once it is closed. */
    public String target() {
        return target;
    }

    /** Lets time pass as on the wall: somebody is awaited. */
    public synchronized void holdTime() {
        if (!held) {
            time.blockingStub().lockTimeSkipping(LockTimeSkippingRequest.getDefaultInstance());
            held = true;
        }
    }

    /** Jumps to the next timer whenever no task runs. */
    public synchronized void skipTime() {
        if (held) {
            time.blockingStub().unlockTimeSkipping(UnlockTimeSkippingRequest.getDefaultInstance());
            held = false;
        }
    }

    /** Lets so much of the server's time go by at once, whatever runs. The test server's timer can do that; no call of its reaches it. */
    void pass(Duration duration) {
        try {
            Field field = TestServicesStarter.class.getDeclaredField("selfAdvancingTimer");
            field.setAccessible(true);
            Object timer = field.get(services);
            Method skip = timer.getClass().getDeclaredMethod("skip", Duration.class);
            skip.setAccessible(true);
            skip.invoke(timer, duration);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the time of this release's test server cannot be moved", e);
        }
    }

    /** The server's own time, ahead of the wall by what was skipped. */
    public Instant now() {
        Timestamp now = time.blockingStub()
                .getCurrentTime(com.google.protobuf.Empty.getDefaultInstance())
                .getTime();
        return Instant.ofEpochMilli(Timestamps.toMillis(now));
    }

    @Override
    public void close() {
        time.shutdownNow();
        reaper.close();
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        services.close();
    }
}
