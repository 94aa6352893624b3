package dev.belay.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What the environment says of a real cluster; a test without one is skipped with the reason. */
final class LabTools {

    static final String TAG = "lab-cluster";
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private LabTools() {}

    /** The inventory of the cluster. */
    static Path inventory() {
        String path = System.getenv("BELAY_LAB_CLUSTER");
        Assumptions.assumeTrue(path != null, "BELAY_LAB_CLUSTER does not name an inventory: no real cluster at hand");
        return ROOT.resolve(path);
    }

    /** Where the lab keeps kubeconfig, keys and programs. */
    static Path home() {
        String path = System.getenv("LAB_HOME");
        Assumptions.assumeTrue(path != null, "LAB_HOME is not set: the inventory's references begin with it");
        return Path.of(path);
    }

    /** The Temporal command line with its development server. */
    static Path temporalBinary() {
        String path = System.getenv().getOrDefault("TEMPORAL_BINARY", onPath("temporal"));
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of(path)), "no temporal binary on PATH and none named by TEMPORAL_BINARY");
        return Path.of(path);
    }

    private static String onPath(String program) {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            Path candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return "/nonexistent/" + program;
    }
}
