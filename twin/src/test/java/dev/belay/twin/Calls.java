package dev.belay.twin;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Step calls of a hop from v1.33.13 to v1.34.4. */
final class Calls {

    private static final Hop HOP =
            new Hop(0, KubernetesVersion.parse("v1.33.13"), KubernetesVersion.parse("v1.34.4"), true, true, true);

    private Calls() {}

    static StepCall cluster(String step, String uses, int redo) {
        return call(step, uses, redo, null);
    }

    static StepCall node(String node, String step, String uses, int redo) {
        boolean controlPlane = node.startsWith("cp");
        return call(
                step,
                uses,
                redo,
                new NodeCall(
                        new NodeName(node),
                        controlPlane ? "controlPlane" : "worker",
                        KubernetesVersion.parse("v1.33.13"),
                        "",
                        0,
                        node.endsWith("1"),
                        false));
    }

    private static StepCall call(String step, String uses, int redo, @Nullable NodeCall node) {
        return new StepCall(
                "0badcafe",
                "twin",
                "plan",
                "inventory",
                HOP,
                Phase.PREP,
                node,
                step,
                uses,
                redo,
                Map.of(),
                null,
                Map.of(),
                Map.of(),
                Duration.ofMinutes(10),
                3,
                null);
    }
}
