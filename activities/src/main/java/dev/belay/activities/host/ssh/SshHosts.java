package dev.belay.activities.host.ssh;

import dev.belay.activities.Secrets;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Hosts;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.inventory.Cluster.SshAccess;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts of an inventory over OpenSSH: one connection each, kept and made again when it was lost, directly or through the inventory's
 * bastion. Nothing is read and nobody is connected to before the first use.
 */
public final class SshHosts implements Hosts, AutoCloseable {

    /** On persistent disk: a job is found again after a reboot. */
    static final String JOB_FOLDER = "/var/lib/belay/jobs";

    /** sshd, and a bastion's sshd, drop connections that have not logged in when there are more than ten. */
    private static final int LOGINS_AT_ONCE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(SshHosts.class);

    private final Cluster inventory;
    private final SshTiming timing;
    private final Clock clock;
    private final SshDialer dialer;
    private final LinkWatch watch = new LinkWatch();
    private final ExecutorService threads = Executors.newCachedThreadPool(new NamedThreads());
    private final Map<NodeName, SshLine> lines = new ConcurrentHashMap<>();
    private final Map<NodeName, Host> hosts = new ConcurrentHashMap<>();
    private final Semaphore bastionLogins = new Semaphore(LOGINS_AT_ONCE, true);
    private final Optional<SshLine> bastion;

    public SshHosts(Cluster inventory, Secrets secrets) {
        this(inventory, secrets, SshTiming.DEFAULT, Clock.systemUTC());
    }

    public SshHosts(Cluster inventory, Secrets secrets, SshTiming timing, Clock clock) {
        this.inventory = inventory;
        this.timing = timing;
        this.clock = clock;
        SshAccess access = inventory.ssh();
        LoginKeys keys = new LoginKeys(secrets, access.passphrase());
        this.dialer = new SshDialer(secrets, access.knownHosts(), keys, watch, threads, timing);
        this.bastion = Optional.ofNullable(access.bastion()).map(jump -> bastionLine(jump, access.key()));
    }

    @Override
    public Host on(NodeName node) {
        return hosts.computeIfAbsent(node, this::host);
    }

    /**
     * Opens a port of our loopback that leads to {@code host:port} as the node sees it, such as {@code 127.0.0.1:2379}.
     */
    public LocalForward forward(NodeName node, String host, int port) {
        on(node).run(Command.of("true"));
        try {
            return new LocalForward(line(node), host, port, threads);
        } catch (IOException e) {
            throw StepFailure.of(
                    FailureKind.TRANSIENT,
                    "NO_LOCAL_PORT",
                    "no port of this machine could be opened for " + host + ":" + port + " of " + node + ": "
                            + e.getMessage(),
                    "look at what holds the ports of this machine");
        }
    }

    /** Ends every connection to this node at once, as a broken network would; the next use makes a new one. */
    public void cut(NodeName node) {
        Optional.ofNullable(lines.get(node)).ifPresent(SshLine::cut);
    }

    @Override
    public void close() {
        lines.values().forEach(SshLine::close);
        bastion.ifPresent(SshLine::close);
        watch.close();
        threads.shutdown();
    }

    private Host host(NodeName node) {
        SshLine line = line(node);
        RemoteShell shell = new RemoteShell(line, threads);
        RemoteJobs jobs = new RemoteJobs(new JobRunner(shell, JOB_FOLDER), threads, timing);
        WebPages pages = new WebPages(node, (host, port) -> forward(node, host, port));
        TlsHandshakes handshakes = new TlsHandshakes(node, (host, port) -> forward(node, host, port));
        return new SshHost(
                node,
                shell,
                new RootFiles(new SftpLine(line, shell, watch, threads), threads),
                new FileTree(shell),
                jobs,
                pages,
                handshakes,
                clock);
    }

    private SshLine line(NodeName node) {
        HostEntry entry = inventory
                .host(node)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "NODE_NOT_IN_INVENTORY",
                        "node " + node + " is not among the hosts of the inventory of cluster " + inventory.name(),
                        "add it to the inventory's hosts"));
        return lines.computeIfAbsent(node, n -> new SshLine(endpoint(entry), () -> dial(endpoint(entry)), threads));
    }

    private SshEndpoint endpoint(HostEntry entry) {
        String user = entry.user() == null ? inventory.ssh().user() : entry.user();
        return new SshEndpoint(
                entry.node().value(),
                entry.address(),
                entry.port(),
                user,
                inventory.ssh().key());
    }

    private SshLink dial(SshEndpoint endpoint) {
        if (bastion.isEmpty()) {
            return dialer.dial(endpoint, null);
        }
        bastionLogins.acquireUninterruptibly();
        try {
            return dialer.dial(endpoint, bastion.get());
        } finally {
            bastionLogins.release();
        }
    }

    private SshLine bastionLine(Cluster.Bastion jump, Reference defaultKey) {
        @Nullable Reference own = jump.key();
        SshEndpoint endpoint =
                new SshEndpoint("bastion", jump.address(), jump.port(), jump.user(), own == null ? defaultKey : own);
        return new SshLine(endpoint, () -> quick(dialer.dial(endpoint, null)), threads);
    }

    /**
     * sshd sends without delay only once a connection has run a command: without one, everything through it takes 40 ms more. A bastion
     * that runs no commands is a slower one, and nothing worse.
     */
    private SshLink quick(SshLink link) {
        try (Session session = link.startSession()) {
            session.exec("true").join(timing.connect().toMillis(), TimeUnit.MILLISECONDS);
        } catch (SSHException e) {
            LOG.debug("The bastion runs no commands: {}", SshFailures.text(e));
        }
        return link;
    }

    /** Daemon threads: an abandoned follower must not keep the process. */
    private static final class NamedThreads implements ThreadFactory {

        private final AtomicInteger next = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "belay-ssh-" + next.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }
    }
}
