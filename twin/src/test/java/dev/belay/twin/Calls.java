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

    /** The run that takes the hop back. */
    static final String BACK = "5ee0f00d";

    private static final KubernetesVersion FROM = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion TO = KubernetesVersion.parse("v1.34.4");
    private static final Hop HOP = new Hop(0, FROM, TO, true, true, true);
    private static final Hop DOWN = new Hop(0, TO, FROM, true, true, false);

    private Calls() {}

    static StepCall cluster(String step, String uses, int redo) {
        return call(Steps.RUN, HOP, Phase.PREP, step, uses, redo, null);
    }

    static StepCall node(String node, String step, String uses, int redo) {
        return call(Steps.RUN, HOP, Phase.PREP, step, uses, redo, on(node, FROM));
    }

    /** Of the run that takes the hop back; of the cluster where there is no node. */
    static StepCall back(String uses, @Nullable String node) {
        NodeCall on = node == null ? null : on(node, TO);
        return call(BACK, DOWN, Phase.CONTROL_PLANE, uses.replace('.', '-'), uses, 0, on);
    }

    private static NodeCall on(String node, KubernetesVersion version) {
        String role = node.startsWith("cp") ? "controlPlane" : node.startsWith("etcd") ? "etcd" : "worker";
        return new NodeCall(new NodeName(node), role, version, "", 0, node.endsWith("1"), false);
    }

    private static StepCall call(
            String run, Hop hop, Phase phase, String step, String uses, int redo, @Nullable NodeCall node) {
        return new StepCall(
                run,
                "twin",
                "plan",
                "inventory",
                hop,
                phase,
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
