package dev.belay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** rsync and scp to the first server of a fleet, over a connection of their own or over one that is held. */
final class FilePeers implements AutoCloseable {

    private final Path folder;
    private final Path socket;

    FilePeers(Path folder) throws IOException {
        this.folder = folder;
        this.socket = Files.createDirectories(folder.resolve("s")).resolve("held");
    }

    /** Whole files: there is nothing to compare with. */
    void rsync(Path source, Path target, boolean held) throws Exception {
        if (held) {
            hold();
        }
        SshFleet.quietly(
                folder,
                "rsync",
                "-a",
                "-W",
                "-e",
                "ssh -p " + SshFleet.port() + " " + String.join(" ", options(held)),
                source + "/",
                login() + ":" + target + "/");
    }

    void scp(Path source, Path target, boolean held) throws Exception {
        if (held) {
            hold();
        }
        List<String> argv = new ArrayList<>(List.of("scp", "-q", "-p", "-P", Integer.toString(SshFleet.port())));
        argv.addAll(options(held));
        try (Stream<Path> files = Files.list(source)) {
            files.forEach(file -> argv.add(file.toString()));
        }
        argv.add(login() + ":" + target + "/");
        SshFleet.quietly(folder, argv.toArray(String[]::new));
    }

    /** The first use of it makes the connection, and is the peer's first figure. */
    private void hold() throws Exception {
        if (!Files.exists(socket)) {
            List<String> argv =
                    new ArrayList<>(List.of("ssh", "-f", "-N", "-M", "-p", Integer.toString(SshFleet.port())));
            argv.addAll(options(true));
            argv.add(login());
            new ProcessBuilder(argv)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    @Override
    public void close() throws Exception {
        if (Files.exists(socket)) {
            SshFleet.quietly(folder, "ssh", "-O", "exit", "-o", "ControlPath=" + socket, "x");
        }
    }

    private List<String> options(boolean held) {
        List<String> options = new ArrayList<>(List.of(
                "-F",
                "none",
                "-i",
                folder.resolve("login").toString(),
                "-o",
                "BatchMode=yes",
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts")));
        options.addAll(List.of("-o", held ? "ControlPath=" + socket : "ControlPath=none"));
        return options;
    }

    private static String login() {
        return SshFleet.user() + "@" + SshFleet.address(1);
    }
}
