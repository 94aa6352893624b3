package dev.belay.activities.host.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated connection, probed by {@link LinkWatch}. {@link #cut} is what ends a dead one: a writer stuck in the socket holds
 * sshj's locks, so that only closing the raw socket frees everybody.
 */
final class SshLink {

    private final SSHClient client;
    private final NoDelaySockets sockets;
    private final @Nullable Jump jump;
    private final Executor threads;
    private final SshTiming timing;
    private volatile @Nullable String ended;
    private volatile @Nullable Promise<SSHPacket, ConnectionException> answer;
    private volatile long askedAt;
    private volatile long heardAt = System.nanoTime();

    SshLink(SSHClient client, NoDelaySockets sockets, @Nullable Jump jump, Executor threads, SshTiming timing) {
        this.client = client;
        this.sockets = sockets;
        this.jump = jump;
        this.threads = threads;
        this.timing = timing;
    }

    boolean isAlive() {
        return ended == null && client.getTransport().isRunning();
    }

    /** Why it was cut; empty when it ended by itself. */
    String whyEnded() {
        String why = ended;
        return why == null ? "" : why;
    }

    Session startSession() throws ConnectionException, TransportException {
        return client.startSession();
    }

    DirectConnection tunnel(String host, int port) throws IOException {
        return client.newDirectConnection(host, port);
    }

    /** Ends it at once; never blocks. */
    void cut(String why) {
        if (ended == null) {
            ended = why;
        }
        sockets.closeAll();
        if (jump != null) {
            jump.cut(threads);
        }
    }

    /** Says goodbye, or cuts when that does not go through. */
    void close() {
        CompletableFuture<Void> goodbye = CompletableFuture.runAsync(this::disconnect, threads);
        try {
            goodbye.get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            cut("closed by us");
        }
    }

    /** One look at the peer: asks when it was quiet for a while, cuts when it does not answer. */
    void look() {
        Promise<SSHPacket, ConnectionException> pending = answer;
        if (askedAt != 0 && pending != null && pending.isFulfilled()) {
            answer = null;
            askedAt = 0;
            heardAt = System.nanoTime();
        }
        if (askedAt != 0 && since(askedAt).compareTo(timing.silence()) > 0) {
            cut("the peer has not answered for " + timing.silence().toSeconds() + " s");
        } else if (askedAt == 0 && since(heardAt).compareTo(timing.probe()) > 0) {
            askedAt = System.nanoTime();
            threads.execute(this::ask);
        }
    }

    private void ask() {
        try {
            answer = client.getConnection().sendGlobalRequest("keepalive@openssh.com", true, new byte[0]);
        } catch (TransportException e) {
            cut("the connection broke");
        }
    }

    private void disconnect() {
        try {
            client.disconnect();
        } catch (IOException e) {
            cut("closed by us");
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** The way through a bastion: a channel of its connection. */
    record Jump(DirectConnection channel, SshLink bastion) {

        /** Closing the channel is enough while the bastion answers in time; else the bastion's connection has to go. */
        private void cut(Executor threads) {
            threads.execute(() -> {
                try {
                    channel.close();
                } catch (IOException e) {
                    bastion.cut("a connection through it could not be closed");
                }
            });
        }
    }
}
