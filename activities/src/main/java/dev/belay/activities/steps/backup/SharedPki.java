package dev.belay.activities.steps.backup;

import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What all control planes have alike: the authorities and the keys of service accounts. A restore under others would help nobody. */
public final class SharedPki {

    private static final String PKI = "/etc/kubernetes/pki/";
    private static final List<String> FILES = List.of(
            PKI + "ca.crt",
            PKI + "ca.key",
            PKI + "etcd/ca.crt",
            PKI + "etcd/ca.key",
            PKI + "front-proxy-ca.crt",
            PKI + "front-proxy-ca.key",
            PKI + "sa.key",
            PKI + "sa.pub");

    private SharedPki() {}

    /** The same for the same files; the host hashes them, no key leaves it. */
    public static String digest(Host host) {
        String lines = host.list(FILES).stream().map(SharedPki::line).sorted().collect(Collectors.joining("\n"));
        return "sha256:" + Sha256.of(lines.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(FileEntry file) {
        return file.path() + " " + file.sha256() + file.link();
    }
}
