package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.ShellQuoting;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * SFTP as root with one host: one session for all files at a time, started on first use, ended when it was not used for a while, and given up
 * as soon as it answers anything but a request. To start one takes a channel, a sudo and a process on the host, which costs more than a small
 * file does.
 */
final class SftpLine {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final List<String> SERVERS = List.of(
            "/usr/lib/openssh/sftp-server",
            "/usr/libexec/openssh/sftp-server",
            "/usr/lib/ssh/sftp-server",
            "/usr/libexec/sftp-server");

    private final SshLine line;
    private final RemoteShell shell;
    private final LinkWatch watch;
    private final Executor threads;
    private final ReentrantLock changing = new ReentrantLock();
    private @Nullable Held held;
    private @Nullable String server;

    SftpLine(SshLine line, RemoteShell shell, LinkWatch watch, Executor threads) {
        this.line = line;
        this.shell = shell;
        this.watch = watch;
        this.threads = threads;
    }

    SshEndpoint endpoint() {
        return line.endpoint();
    }

    /** Does something over SFTP; several threads may at once. */
    <T> T with(String what, String path, Use<T> use) {
        Held session = taken(what, path);
        try {
            return use.on(session.sftp);
        } catch (SFTPException e) {
            if (e.getStatusCode() != StatusCode.UNKNOWN
                    && session.channel.link().isAlive()) {
                throw refused(what, path, e);
            }
            throw lost(session, what, e);
        } catch (IOException e) {
            session.channel.link().cut(SshFailures.text(e));
            throw lost(session, what, e);
        } finally {
            giveBack(session);
        }
    }

    private Held taken(String what, String path) {
        changing.lock();
        try {
            Held session = held;
            if (session == null || !session.isAlive()) {
                giveUp(session);
                session = started(what, path);
                held = session;
            }
            session.users++;
            return session;
        } finally {
            changing.unlock();
        }
    }

    private void giveBack(Held session) {
        changing.lock();
        try {
            session.users--;
            session.usedAt = System.nanoTime();
            if (held != session) {
                end(session);
            } else if (session.users == 0 && session.look == null) {
                look(session);
            }
        } finally {
            changing.unlock();
        }
    }

    /** Others who use it may finish. */
    private void giveUp(@Nullable Held session) {
        changing.lock();
        try {
            if (session != null && held == session) {
                held = null;
                end(session);
            }
        } finally {
            changing.unlock();
        }
    }

    private void look(Held session) {
        session.look = watch.after(IDLE.toMillis(), () -> threads.execute(() -> endIfIdle(session)));
    }

    private void endIfIdle(Held session) {
        changing.lock();
        try {
            session.look = null;
            boolean idle = session.users == 0 && System.nanoTime() - session.usedAt >= IDLE.toNanos();
            if (idle) {
                giveUp(session);
            } else if (session.users == 0) {
                look(session);
            }
        } finally {
            changing.unlock();
        }
    }

    private void end(Held session) {
        if (session.users == 0) {
            threads.execute(session::close);
        }
    }

    private Held started(String what, String path) {
        String serverLine = Sudo.line(endpoint(), Map.of(), List.of(serverPath()));
        SshLine.Channel channel = line.open(LIMIT);
        try {
            RootSftp sftp = new RootSftp(channel.session(), serverLine);
            return begun(new Held(channel, sftp), what, path);
        } catch (IOException e) {
            channel.link().cut(SshFailures.text(e));
            channel.close();
            throw SshFailures.lost(endpoint(), what, channel.link().whyEnded());
        }
    }

    /** A server that never came to be may end before or after it was greeted: either way its complaint says why. */
    private Held begun(Held session, String what, String path) throws IOException {
        try {
            session.sftp.init();
            return session;
        } catch (IOException e) {
            StepFailure failure = session.channel.link().isAlive()
                    ? unbegun(session, what, path, e)
                    : SshFailures.lost(endpoint(), what, session.channel.link().whyEnded());
            threads.execute(session::close);
            throw failure;
        }
    }

    private StepFailure unbegun(Held session, String what, String path, IOException e) throws IOException {
        String complaint = session.sftp.complaint();
        try {
            Sudo.check(endpoint(), 1, complaint);
        } catch (StepFailure refused) {
            return refused;
        }
        return refused(what, path, complaint.isBlank() ? e : new SFTPException(complaint.trim()));
    }

    private StepFailure refused(String what, String path, IOException e) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "FILE_REFUSED",
                endpoint() + ": " + what + " failed: " + SshFailures.text(e),
                "look at " + path + " and its folder on the host");
    }

    private StepFailure lost(Held session, String what, IOException e) {
        giveUp(session);
        String why = session.channel.link().whyEnded();
        return SshFailures.lost(endpoint(), what, why.isEmpty() ? SshFailures.text(e) : why);
    }

    private String serverPath() {
        String found = server;
        if (found == null) {
            found = probed();
            server = found;
        }
        return found;
    }

    private String probed() {
        CappedBuffer out = new CappedBuffer(4096);
        List<String> argv =
                Stream.concat(Stream.of("ls", "--"), SERVERS.stream()).toList();
        shell.run("a look for sftp-server", ShellQuoting.line(argv), new byte[0], out, LIMIT);
        return out.text()
                .lines()
                .filter(SERVERS::contains)
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "NO_SFTP_SERVER",
                        endpoint() + " has no sftp-server in any of " + SERVERS,
                        "install OpenSSH's sftp server on the host"));
    }

    /** Something done over SFTP. */
    @FunctionalInterface
    interface Use<T> {
        T on(RootSftp sftp) throws IOException;
    }

    /** A session; all but its ends is guarded by the line's lock. */
    private static final class Held {

        private final SshLine.Channel channel;
        private final RootSftp sftp;
        private int users;
        private long usedAt = System.nanoTime();
        private @Nullable Future<?> look;

        Held(SshLine.Channel channel, RootSftp sftp) {
            this.channel = channel;
            this.sftp = sftp;
        }

        boolean isAlive() {
            return channel.link().isAlive() && channel.session().isOpen() && sftp.isAlive();
        }

        void close() {
            try {
                sftp.close();
            } catch (IOException e) {
                channel.link().cut("an SFTP session could not be ended");
            } finally {
                channel.close();
            }
        }
    }
}
