package dev.belay.lab;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.kubernetes.NodeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real cluster, when one is at hand: BELAY_LAB_CLUSTER is the path of its inventory. */
public final class LabCluster {

    private LabCluster() {}

    /** Skips the test when there is none. */
    public static Cluster inventory() {
        String path = System.getenv("BELAY_LAB_CLUSTER");
        Assumptions.assumeTrue(
                path != null, "BELAY_LAB_CLUSTER, the path of a running cluster's inventory, is not set");
        try {
            return ClusterReader.read(path, Files.readAllBytes(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SshHosts hosts() {
        return new SshHosts(inventory(), Secrets.ofProcess());
    }

    /** The node the tests use: the first of the inventory. */
    public static NodeName node() {
        return inventory().hosts().get(0).node();
    }
}
