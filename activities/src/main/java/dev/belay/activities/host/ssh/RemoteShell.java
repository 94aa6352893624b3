package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.Signal;

/**
 * Runs command lines on a host. Both streams are drained by threads of their own, so that neither can fill its window; an exit that
 * carries neither status nor signal means that the connection went away.
 */
final class RemoteShell {

    private static final int ERRORS_KEPT = 1 << 20;

    private final SshLine line;
    private final ExecutorService threads;

    RemoteShell(SshLine line, ExecutorService threads) {
        this.line = line;
        this.threads = threads;
    }

    SshEndpoint endpoint() {
        return line.endpoint();
    }

    /** How a command ended: its exit code, 128 + n after a signal, and what it wrote to standard error. */
    record Ended(int exit, String err) {}

    /**
     * Runs one command line to its end.
     *
     * @param what names it in messages
     * @param out called from another thread; complete when this returns
     * @param limit after which the connection counts as lost and is closed
     */
    Ended run(String what, String commandLine, byte[] stdin, OutputStream out, Duration limit) {
        try (SshLine.Channel channel = line.open(limit)) {
            return ended(channel, what, commandLine, stdin, out, limit);
        }
    }

    private Ended ended(
            SshLine.Channel channel, String what, String commandLine, byte[] stdin, OutputStream out, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        CappedBuffer err = new CappedBuffer(ERRORS_KEPT);
        try {
            Session.Command command = channel.session().exec(commandLine);
            Future<?> input = threads.submit(feeding(command, stdin));
            Future<?> errors = threads.submit(copying(command.getErrorStream(), err));
            Future<?> output = threads.submit(copying(command.getInputStream(), out));
            for (Future<?> stream : new Future<?>[] {output, errors, input}) {
                stream.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            command.join(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new Ended(exit(channel, command, what), err.text());
        } catch (InterruptedException e) {
            throw interrupted(channel, what);
        } catch (TimeoutException e) {
            channel.link().cut(what + " took longer than " + limit.toSeconds() + " s");
            throw lost(channel, what);
        } catch (ExecutionException | SSHException e) {
            throw Thread.currentThread().isInterrupted() ? interrupted(channel, what) : lost(channel, what, e);
        }
    }

    private static Callable<Void> copying(InputStream from, OutputStream to) {
        return () -> {
            from.transferTo(to);
            return null;
        };
    }

    /**
     * A command that ends before it has read everything closes the stream under us, at any moment. That is no failure of ours: its exit status
     * is the verdict, and where the connection itself was lost there is none.
     */
    private static Callable<Boolean> feeding(Session.Command command, byte[] stdin) {
        return () -> {
            try (OutputStream in = command.getOutputStream()) {
                in.write(stdin);
                return true;
            } catch (IOException closedByTheOtherSide) {
                return false;
            }
        };
    }

    private int exit(SshLine.Channel channel, Session.Command command, String what) {
        Integer status = command.getExitStatus();
        if (status != null) {
            return status;
        }
        Signal signal = command.getExitSignal();
        if (signal == null) {
            throw lost(channel, what);
        }
        return 128 + ExitSignals.number(signal.name());
    }

    private StepFailure interrupted(SshLine.Channel channel, String what) {
        Thread.interrupted();
        try {
            ((Session.Command) channel.session()).signal(Signal.TERM);
        } catch (SSHException e) {
            channel.link().cut("a command could not be told to stop");
        }
        Thread.currentThread().interrupt();
        return SshFailures.interrupted(endpoint(), what);
    }

    private StepFailure lost(SshLine.Channel channel, String what) {
        return SshFailures.lost(endpoint(), what, channel.link().whyEnded());
    }

    private StepFailure lost(SshLine.Channel channel, String what, Exception e) {
        String why = channel.link().whyEnded();
        channel.link().cut(SshFailures.text(e));
        return SshFailures.lost(endpoint(), what, why.isEmpty() ? SshFailures.text(e) : why);
    }
}
