package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import org.jspecify.annotations.Nullable;

/** The failure for which a phase takes itself back: {@code onFailure: rollback}. */
public record Setback(String step, @Nullable NodeName node, Failure failure) {

    /** {@code kubelet on cp2}, for sentences. */
    String place() {
        return node == null ? step : step + " on " + node;
    }
}
