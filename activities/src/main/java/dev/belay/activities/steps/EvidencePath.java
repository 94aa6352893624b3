package dev.belay.activities.steps;

import dev.belay.activities.StepContext;
import dev.belay.model.kubernetes.NodeName;
import java.nio.charset.StandardCharsets;

/** Where a run keeps things in the backup store: {@code <cluster>/<run>/<hop>/<name>}. */
public final class EvidencePath {

    private EvidencePath() {}

    /** A node's name as a part of a path: one that is too long for a file is cut and told apart by its digest. */
    public static String part(NodeName node) {
        String name = node.value();
        return name.length() <= 120
                ? name
                : name.substring(0, 100) + "-"
                        + Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    public static String of(StepContext context, String name) {
        return context.inventory().name() + "/" + context.call().run() + "/"
                + context.call().hop().to() + "/" + name;
    }
}
