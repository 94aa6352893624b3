package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;

/** The way to one host: its one connection, made on first use and again when it was lost, and at most eight channels of it at a time. */
final class SshLine {

    /** sshd allows ten sessions a connection. */
    private static final int CHANNELS = 8;

    private final SshEndpoint endpoint;
    private final Supplier<SshLink> dial;
    private final Executor threads;
    private final Semaphore channels = new Semaphore(CHANNELS, true);
    private final ReentrantLock dialing = new ReentrantLock();
    private volatile @Nullable SshLink current;

    SshLine(SshEndpoint endpoint, Supplier<SshLink> dial, Executor threads) {
        this.endpoint = endpoint;
        this.dial = dial;
        this.threads = threads;
    }

    SshEndpoint endpoint() {
        return endpoint;
    }

    /** The living connection. */
    SshLink link() {
        SshLink link = current;
        return link != null && link.isAlive() ? link : dialled();
    }

    /** A session channel that has not been used; on a connection that turns out to be dead, of a new one. */
    Channel open(Duration limit) {
        acquire(limit);
        try {
            SshLink link = link();
            try {
                return new Channel(link, link.startSession());
            } catch (OpenFailException e) {
                throw full(e);
            } catch (SSHException e) {
                link.cut("it gave no channel");
                return reopened();
            }
        } catch (RuntimeException e) {
            channels.release();
            throw e;
        }
    }

    /** A channel to an address as the host sees it; an address that refuses is an {@link OpenFailException}. */
    SshLink.Jump tunnel(String host, int port) throws IOException {
        SshLink link = link();
        try {
            return new SshLink.Jump(link.tunnel(host, port), link);
        } catch (OpenFailException e) {
            throw e;
        } catch (IOException e) {
            link.cut("it gave no channel");
            SshLink again = link();
            return new SshLink.Jump(again.tunnel(host, port), again);
        }
    }

    void cut() {
        SshLink link = current;
        if (link != null) {
            link.cut("cut by us");
        }
    }

    void close() {
        SshLink link = current;
        if (link != null) {
            link.close();
        }
    }

    private Channel reopened() {
        SshLink link = link();
        try {
            return new Channel(link, link.startSession());
        } catch (SSHException e) {
            link.cut("it gave no channel");
            throw SshFailures.dialing(endpoint, e);
        }
    }

    private SshLink dialled() {
        dialing.lock();
        try {
            SshLink link = current;
            if (link == null || !link.isAlive()) {
                link = dial.get();
                current = link;
            }
            return link;
        } finally {
            dialing.unlock();
        }
    }

    private void acquire(Duration limit) {
        try {
            if (!channels.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "HOST_BUSY",
                        endpoint + ": all " + CHANNELS + " channels were in use for " + limit.toSeconds() + " s",
                        "see what else this worker does on the host");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SshFailures.interrupted(endpoint, "the wait for a channel");
        }
    }

    private StepFailure full(OpenFailException e) {
        return StepFailure.of(
                FailureKind.TRANSIENT,
                "HOST_BUSY",
                endpoint + " opens no further channel: " + SshFailures.text(e),
                "look at MaxSessions in its sshd, and at who else uses it");
    }

    /** A session in use; given back by {@link #close}, which never waits for the peer. */
    final class Channel implements AutoCloseable {

        private final SshLink link;
        private final Session session;

        private Channel(SshLink link, Session session) {
            this.link = link;
            this.session = session;
        }

        Session session() {
            return session;
        }

        SshLink link() {
            return link;
        }

        @Override
        public void close() {
            if (!session.isOpen()) {
                channels.release();
                return;
            }
            threads.execute(() -> {
                try {
                    session.close();
                } catch (IOException e) {
                    link.cut("a channel could not be closed");
                } finally {
                    channels.release();
                }
            });
        }
    }
}
