package dev.belay.lab.cluster;

import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real cluster that BELAY_LAB_CLUSTER names: the path of its inventory, from the root of the repository or absolute. */
final class LabCluster {

    static final String VARIABLE = "BELAY_LAB_CLUSTER";
    static final String WHEN_MISSING =
            "BELAY_LAB_CLUSTER names no inventory of a running cluster, such as clusters/lab-small.yaml with LAB_HOME set";

    private LabCluster() {}

    static Cluster inventory() {
        Path given = Path.of(System.getenv(VARIABLE));
        Path file = Files.isRegularFile(given) ? given : Path.of("..").resolve(given);
        try {
            return ClusterReader.read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NodeName first(NodeRole role) {
        return inventory().hosts(role).get(0).node();
    }
}
