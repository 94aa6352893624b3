package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.runbook.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One step of a run as {@code show} prints it. {@code uses} is {@code approval} or {@code soak} for those kinds. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record StepRecord(
        String id,
        KubernetesVersion hop,
        Phase phase,
        @Nullable NodeName node,
        String uses,
        StepState state,
        int attempts,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String why) {

    public StepRecord with(StepState next) {
        return new StepRecord(id, hop, phase, node, uses, next, attempts, startedAt, endedAt, why);
    }
}
