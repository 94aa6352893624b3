package dev.belay.lab.ssh;

import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.model.kubernetes.NodeName;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A real host of which one folder is taken for its root, so that several nodes fit on one machine. */
record HostInFolder(Host real, NodeName node, String folder) implements Host {

    @Override
    public CommandOutput run(Command command) {
        return real.run(command);
    }

    @Override
    public Optional<byte[]> read(String path) {
        return real.read(folder + path);
    }

    @Override
    public void upload(String path, Content content, FileAttributes attributes) {
        real.upload(folder + path, content, attributes);
    }

    @Override
    public void writeAll(List<NewContent> files) {
        real.writeAll(files.stream()
                .map(file -> new NewContent(folder + file.path(), file.content(), file.attributes()))
                .toList());
    }

    @Override
    public void write(String path, byte[] content, FileAttributes attributes) {
        real.write(folder + path, content, attributes);
    }

    @Override
    public void remove(String path) {
        real.remove(folder + path);
    }

    @Override
    public void move(String from, String to) {
        real.move(folder + from, folder + to);
    }

    @Override
    public List<FileEntry> list(List<String> paths) {
        return real.list(paths.stream().map(path -> folder + path).toList()).stream()
                .map(entry -> new FileEntry(
                        entry.path().substring(folder.length()),
                        entry.attributes(),
                        entry.size(),
                        entry.sha256(),
                        entry.link()))
                .toList();
    }

    @Override
    public JobOutcome job(Job job, Runnable heartbeat) {
        return real.job(job, heartbeat);
    }

    @Override
    public boolean hasJob(String key) {
        return real.hasJob(key);
    }

    @Override
    public Optional<byte[]> fetch(URI address) {
        return real.fetch(address);
    }

    @Override
    public List<X509Certificate> presented(String address, int port) {
        return real.presented(address, port);
    }

    @Override
    public Duration clockSkew() {
        return real.clockSkew();
    }
}
