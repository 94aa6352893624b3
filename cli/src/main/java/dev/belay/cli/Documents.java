package dev.belay.cli;

import dev.belay.activities.StepCatalogue;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.ClusterReader;
import dev.belay.model.runbook.InvalidDocument;
import dev.belay.model.runbook.Problem;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Runbooks and inventories as files. What is wrong with one is always an {@link InvalidDocument}. */
final class Documents {

    private static final int LARGEST = 1 << 20;
    private static final Pattern CLUSTER = Pattern.compile("(?m)^[\"']?kind[\"']?\\s*:\\s*[\"']?Cluster\\b");

    private Documents() {}

    static Runbook runbook(String file) {
        return RunbookReader.read(file, bytes(file), StepCatalogue.shipped().signatures());
    }

    /** One that lies beside the launcher. */
    static Runbook shipped(String name) {
        return runbook(
                Path.of(System.getProperty("belay.home", "."), "runbooks", name).toString());
    }

    static Cluster cluster(String file) {
        return ClusterReader.read(file, bytes(file));
    }

    /** Reads it as what it says it is, for its problems alone. */
    static List<Problem> problems(String file) {
        try {
            byte[] content = bytes(file);
            if (CLUSTER.matcher(new String(content, StandardCharsets.UTF_8)).find()) {
                ClusterReader.read(file, content);
            } else {
                RunbookReader.read(file, content, StepCatalogue.shipped().signatures());
            }
            return List.of();
        } catch (InvalidDocument e) {
            return e.problems();
        }
    }

    private static byte[] bytes(String file) {
        try (InputStream stream = Files.newInputStream(Path.of(file))) {
            byte[] content = stream.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw invalid(file, "too-large", "the file is larger than 1 MB; a runbook or inventory never is");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw invalid(file, "no-such-file", "there is no such file");
        } catch (AccessDeniedException e) {
            throw invalid(file, "unreadable", "this user may not read the file");
        } catch (IOException | InvalidPathException e) {
            throw invalid(file, "unreadable", "the file cannot be read: " + e.getMessage());
        }
    }

    private static InvalidDocument invalid(String file, String rule, String message) {
        return new InvalidDocument(List.of(new Problem(file, 0, 0, rule, message)));
    }
}
