package dev.belay.activities.host.ssh;

import dev.belay.activities.Secrets;
import dev.belay.activities.StepFailure;
import dev.belay.model.inventory.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.userauth.method.AuthMethod;
import org.jspecify.annotations.Nullable;

/**
 * Makes verified, authenticated connections, each within one limit that also holds when sshd is frozen or the way leads through a
 * bastion. After sshd has turned us away it waits before it knocks again: every knock would lengthen the penalty.
 */
final class SshDialer {

    private static final long LONGEST_PENALTY_SECONDS = 16;

    private final Secrets secrets;
    private final Reference knownHosts;
    private final LoginKeys keys;
    private final LinkWatch watch;
    private final Executor threads;
    private final SshTiming timing;
    private final Map<SshEndpoint, Penalty> penalties = new ConcurrentHashMap<>();

    SshDialer(
            Secrets secrets,
            Reference knownHosts,
            LoginKeys keys,
            LinkWatch watch,
            Executor threads,
            SshTiming timing) {
        this.secrets = secrets;
        this.knownHosts = knownHosts;
        this.keys = keys;
        this.watch = watch;
        this.threads = threads;
        this.timing = timing;
    }

    /** @param bastion to go through; null for a direct way */
    SshLink dial(SshEndpoint endpoint, @Nullable SshLine bastion) {
        List<AuthMethod> logins = keys.logins(endpoint.key());
        KnownHosts known = KnownHosts.parse(secrets.text(knownHosts), knownHosts.toString());
        HostKeyCheck check = new HostKeyCheck(known, endpoint.address(), endpoint.port());
        SSHClient client = client(known.hasAuthorityFor(endpoint.address(), endpoint.port()));
        client.addHostKeyVerifier(check);
        waitOutPenalty(endpoint);
        try {
            SshLink link = connected(client, endpoint, logins, bastion);
            penalties.remove(endpoint);
            watch.watch(link);
            return link;
        } catch (IOException | SSHRuntimeException e) {
            throw check.refusal().orElseGet(() -> refused(endpoint, e));
        }
    }

    private SSHClient client(boolean certificates) {
        SSHClient client = new SSHClient(SshAlgorithms.config(certificates));
        client.setConnectTimeout((int) timing.connect().toMillis());
        client.setTimeout((int) timing.connect().toMillis());
        client.getTransport().setTimeoutMs((int) timing.answer().toMillis());
        client.getConnection().setTimeoutMs((int) timing.answer().toMillis());
        return client;
    }

    private SshLink connected(
            SSHClient client, SshEndpoint endpoint, List<AuthMethod> logins, @Nullable SshLine bastion)
            throws IOException {
        NoDelaySockets sockets = new NoDelaySockets();
        client.setSocketFactory(sockets);
        SshLink.Jump jump = bastion == null ? null : bastion.tunnel(endpoint.address(), endpoint.port());
        SshLink link = new SshLink(client, sockets, jump, threads, timing);
        Future<?> limit = watch.after(timing.handshake().toMillis(), () -> link.cut("the handshake took too long"));
        try {
            connect(client, endpoint, jump);
            client.auth(endpoint.user(), logins);
            return link;
        } catch (IOException | SSHRuntimeException e) {
            link.cut("it was not established");
            throw e;
        } finally {
            limit.cancel(false);
        }
    }

    private static void connect(SSHClient client, SshEndpoint endpoint, SshLink.@Nullable Jump jump)
            throws IOException {
        if (jump == null) {
            client.connect(endpoint.address(), endpoint.port());
        } else {
            client.connectVia(jump.channel());
        }
    }

    private StepFailure refused(SshEndpoint endpoint, Exception thrown) {
        StepFailure failure = SshFailures.dialing(endpoint, thrown);
        if (SshFailures.wasTurnedAway(thrown)) {
            penalties.merge(endpoint, Penalty.first(), (before, first) -> before.next());
        }
        if (failure.failure().code().equals("AUTH_FAILED")) {
            keys.forget(endpoint.key());
        }
        return failure;
    }

    private void waitOutPenalty(SshEndpoint endpoint) {
        Penalty penalty = penalties.get(endpoint);
        if (penalty == null) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(penalty.until() - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SshFailures.interrupted(endpoint, "the wait before another login");
        }
    }

    /** When sshd may be asked again; twice as long each time. */
    private record Penalty(long seconds, long until) {

        static Penalty first() {
            return of(2);
        }

        Penalty next() {
            return of(Math.min(LONGEST_PENALTY_SECONDS, seconds * 2));
        }

        private static Penalty of(long seconds) {
            return new Penalty(seconds, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
        }
    }
}
