package dev.belay.lab;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A step called by itself, without a run around it. */
public final class LoneStep {

    private static final KubernetesVersion VERSION = KubernetesVersion.parse("v1.33.13");

    private LoneStep() {}

    /** {@code node}: null for a step of the whole cluster. */
    public static StepCall call(String cluster, @Nullable NodeCall node, String uses) {
        return new StepCall(
                "0badcafe",
                cluster,
                "p",
                "i",
                new Hop(0, VERSION, VERSION, true, true, false),
                Phase.PREP,
                node,
                "step",
                uses,
                0,
                Map.of(),
                null,
                Map.of(),
                Map.of(),
                Duration.ofMinutes(5),
                1,
                null);
    }
}
