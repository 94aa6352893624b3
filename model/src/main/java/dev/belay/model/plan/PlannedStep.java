package dev.belay.model.plan;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One step as it would run.
 *
 * @param hop the version the hop goes to
 * @param uses the step type, or {@code approval} or {@code soak}
 * @param estimate how long it usually takes
 * @param undo how it is taken back: {@code none needed}, {@code undone by belay}, or {@code point of no return}
 * @param skipped its condition is known already not to hold
 */
public record PlannedStep(
        String id,
        KubernetesVersion hop,
        Phase phase,
        @Nullable NodeName node,
        String uses,
        Duration estimate,
        String undo,
        boolean skipped) {

    /** What stands on record of it before it has begun: a step that the plan leaves out never does. */
    public StepRecord notBegun() {
        StepState state = skipped ? StepState.SKIPPED : StepState.PENDING;
        return new StepRecord(id, hop, phase, node, uses, state, 0, null, null, null);
    }
}
