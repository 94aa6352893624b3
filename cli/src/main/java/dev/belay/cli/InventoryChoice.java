package dev.belay.cli;

import dev.belay.model.inventory.Cluster;
import picocli.CommandLine.Option;

/** Which cluster. */
final class InventoryChoice {

    @Option(names = "--cluster", required = true, paramLabel = "FILE", description = "The cluster's inventory")
    private String file = "";

    String file() {
        return file;
    }

    /** Every problem of the file at once, if there is one. */
    Cluster read() {
        return Documents.cluster(file);
    }
}
