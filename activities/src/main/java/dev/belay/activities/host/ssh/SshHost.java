package dev.belay.activities.host.ssh;

import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.host.ShellQuoting;
import dev.belay.model.kubernetes.NodeName;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One host over its one connection. */
final class SshHost implements Host {

    private static final int OUTPUT_KEPT = 1 << 20;

    private final NodeName node;
    private final RemoteShell shell;
    private final RootFiles files;
    private final FileTree tree;
    private final RemoteJobs jobs;
    private final WebPages pages;
    private final TlsHandshakes handshakes;
    private final Clock clock;

    SshHost(
            NodeName node,
            RemoteShell shell,
            RootFiles files,
            FileTree tree,
            RemoteJobs jobs,
            WebPages pages,
            TlsHandshakes handshakes,
            Clock clock) {
        this.node = node;
        this.shell = shell;
        this.files = files;
        this.tree = tree;
        this.jobs = jobs;
        this.pages = pages;
        this.handshakes = handshakes;
        this.clock = clock;
    }

    @Override
    public NodeName node() {
        return node;
    }

    @Override
    public CommandOutput run(Command command) {
        String line = command.root()
                ? Sudo.line(shell.endpoint(), command.env(), command.argv())
                : ShellQuoting.withEnvironment(command.env(), command.argv());
        CappedBuffer out = new CappedBuffer(OUTPUT_KEPT);
        RemoteShell.Ended ended = shell.run(command.argv().get(0), line, new byte[0], out, command.timeout());
        if (command.root()) {
            Sudo.check(shell.endpoint(), ended.exit(), ended.err());
        }
        return new CommandOutput(ended.exit(), out.text(), ended.err());
    }

    @Override
    public Optional<byte[]> read(String path) {
        return files.read(path);
    }

    @Override
    public void write(String path, byte[] content, FileAttributes attributes) {
        files.write(path, content, attributes);
    }

    @Override
    public void writeAll(List<NewContent> contents) {
        files.writeAll(contents);
    }

    @Override
    public void upload(String path, Content content, FileAttributes attributes) {
        files.upload(path, content, attributes);
    }

    @Override
    public void remove(String path) {
        files.remove(path);
    }

    @Override
    public void move(String from, String to) {
        files.move(from, to);
    }

    @Override
    public List<FileEntry> list(List<String> paths) {
        return tree.list(paths);
    }

    @Override
    public JobOutcome job(Job job, Runnable heartbeat) {
        return jobs.run(job, heartbeat);
    }

    @Override
    public boolean hasJob(String key) {
        return jobs.exists(key);
    }

    @Override
    public Optional<byte[]> fetch(URI address) {
        return pages.fetch(address);
    }

    @Override
    public List<X509Certificate> presented(String address, int port) {
        return handshakes.with(address, port);
    }

    /** The host tells whole seconds, rounded down; ours are taken in the middle of the call. */
    @Override
    public Duration clockSkew() {
        Instant before = clock.instant();
        long theirs = Long.parseLong(run(Command.of("date", "+%s")).out().trim());
        Duration half = Duration.between(before, clock.instant()).dividedBy(2);
        return Duration.between(before.plus(half), Instant.ofEpochSecond(theirs).plusMillis(500));
    }
}
