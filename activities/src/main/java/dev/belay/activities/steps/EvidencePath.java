package dev.belay.activities.steps;

import dev.belay.activities.StepContext;

/** Where a run keeps things in the backup store: {@code <cluster>/<run>/<hop>/<name>}. */
public final class EvidencePath {

    private EvidencePath() {}

    public static String of(StepContext context, String name) {
        return context.inventory().name() + "/" + context.call().run() + "/"
                + context.call().hop().to() + "/" + name;
    }
}
