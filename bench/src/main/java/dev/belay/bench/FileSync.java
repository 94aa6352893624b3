package dev.belay.bench;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Host.NewContent;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.kubernetes.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Files to one sshd on loopback: Belay over SFTP, each file beside its place, synced, renamed, and its checksum read back, against rsync
 * and scp; in turn. {@code files [rounds] [rounds with the large file] [megabytes]}.
 */
final class FileSync {

    private static final int SMALL = 22;
    private static final long LARGE = 1 << 20;
    private static final NodeName NODE = new NodeName("h1");

    private final SshFleet fleet;
    private final FilePeers peers;
    private final Map<String, Figures> took = new LinkedHashMap<>();

    private FileSync(SshFleet fleet, FilePeers peers) {
        this.fleet = fleet;
        this.peers = peers;
    }

    static void measure(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        int large = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int megabytes = args.length > 2 ? Integer.parseInt(args[2]) : 500;
        Table.machine();
        try (SshFleet fleet = SshFleet.start(1);
                FilePeers peers = new FilePeers(fleet.folder())) {
            FileSync program = new FileSync(fleet, peers);
            program.compare(SMALL + " files of 2 KB", program.files(SMALL, 2 << 10), rounds);
            program.compare("one file of " + megabytes + " MB", program.files(1, megabytes * 1_000_000), large);
        }
    }

    private void compare(String title, Path source, int rounds) throws Exception {
        took.clear();
        try (SshHosts held = hosts()) {
            for (int round = 1; round <= rounds; round++) {
                round(source, held);
                Table.say(title + ", round " + round + " of " + rounds + " done");
            }
        }
        print(title);
    }

    private void round(Path source, SshHosts held) throws Exception {
        timed("Belay, connection held", target -> send(source, target, held, true));
        timed("Belay, not read back, connection held", target -> send(source, target, held, false));
        timed("rsync, ControlMaster held", target -> peers.rsync(source, target, true));
        timed("scp, ControlMaster held", target -> peers.scp(source, target, true));
        timed("Belay, connection made", target -> {
            try (SshHosts own = hosts()) {
                send(source, target, own, true);
            }
        });
        timed("rsync, connection made", target -> peers.rsync(source, target, false));
        timed("scp, connection made", target -> peers.scp(source, target, false));
    }

    private void timed(String name, Sending sending) throws Exception {
        Path target = Files.createTempDirectory(fleet.folder(), "target");
        SshFleet.run("sync");
        long began = System.nanoTime();
        sending.to(target);
        double seconds = (System.nanoTime() - began) / 1e9;
        took.put(name, of(name).with(seconds));
        Table.say(name + ": " + Figures.plain(seconds) + " s");
        Folders.remove(target);
    }

    /**
     * What differs or is missing is written, and read back by the host's sha256sum as {@code certs.sync} does it; or not, as a restore brings its
     * snapshot, which etcdutl checks.
     */
    private static void send(Path source, Path target, SshHosts hosts, boolean readBack) throws IOException {
        Host host = hosts.on(NODE);
        if (!host.list(List.of(target.toString())).isEmpty()) {
            throw new IllegalStateException(target + " is not empty");
        }
        write(host, source, target);
        if (!readBack) {
            return;
        }
        List<FileEntry> there = host.list(List.of(target.toString()));
        if (there.stream().mapToLong(FileEntry::size).sum() != size(source)) {
            throw new IllegalStateException("not all of " + source + " is in " + target);
        }
    }

    private static void write(Host host, Path source, Path target) throws IOException {
        List<NewContent> small = new ArrayList<>();
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                String path = target.resolve(file.getFileName()).toString();
                if (Files.size(file) > LARGE) {
                    host.upload(path, () -> Files.newInputStream(file), FileAttributes.ROOT_ONLY);
                } else {
                    small.add(NewContent.of(path, Files.readAllBytes(file), FileAttributes.ROOT_ONLY));
                }
            }
        }
        host.writeAll(small);
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private SshHosts hosts() {
        return new SshHosts(SshFleet.inventory(fleet.folder(), 1), new Secrets(Map.of()));
    }

    private Path files(int count, int size) throws IOException {
        Path folder = Files.createTempDirectory(fleet.folder(), "source");
        Random random = new Random(1);
        byte[] content = new byte[size];
        for (int i = 0; i < count; i++) {
            random.nextBytes(content);
            Files.write(folder.resolve("file" + i), content);
        }
        return folder;
    }

    private void print(String title) {
        Table.head(
                title,
                "the first",
                "the others",
                "to rsync, same kind of connection",
                "to scp, same kind of connection");
        took.forEach((name, figures) -> {
            String kind = name.endsWith("held") ? "ControlMaster held" : "connection made";
            Table.row(
                    name,
                    Figures.plain(figures.values().get(0)) + " s",
                    figures.withoutFirst().text(" s"),
                    figures.over(of("rsync, " + kind)).withoutFirst().text(""),
                    figures.over(of("scp, " + kind)).withoutFirst().text(""));
        });
    }

    private Figures of(String name) {
        return took.getOrDefault(name, Figures.none());
    }

    /** Everything into one empty folder. */
    @FunctionalInterface
    private interface Sending {
        void to(Path target) throws Exception;
    }
}
