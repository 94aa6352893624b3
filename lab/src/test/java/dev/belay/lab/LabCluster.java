package dev.belay.lab;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real cluster that BELAY_LAB_CLUSTER names: the path of its inventory, from the root of the repository or absolute. */
public final class LabCluster {

    public static final String VARIABLE = "BELAY_LAB_CLUSTER";
    public static final String WHEN_MISSING =
            "BELAY_LAB_CLUSTER names no inventory of a running cluster, such as clusters/lab-small.yaml with LAB_HOME set";

    private LabCluster() {}

    /** Skips the test when there is none. */
    public static Cluster inventory() {
        String given = System.getenv(VARIABLE);
        Assumptions.assumeTrue(given != null && !given.isEmpty(), WHEN_MISSING);
        Path path = Path.of(given);
        Path file = Files.isRegularFile(path) ? path : Path.of("..").resolve(path);
        try {
            return ClusterReader.read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SshHosts hosts() {
        return new SshHosts(inventory(), Secrets.ofProcess());
    }

    /** The node of tests that need but one: the first of the inventory. */
    public static NodeName node() {
        return inventory().hosts().get(0).node();
    }

    public static NodeName first(NodeRole role) {
        return inventory().hosts(role).get(0).node();
    }
}
