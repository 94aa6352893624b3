package dev.belay.workflows;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A place in a run that needs a person, or no longer does. Sent up by hop and node workflows.
 *
 * @param workflowId of the level that stands still: commands go there
 * @param why one sentence
 * @param failure null for approvals
 */
public record Notice(
        Kind kind,
        String workflowId,
        KubernetesVersion hop,
        String step,
        @Nullable NodeName node,
        Instant since,
        String why,
        @Nullable Failure failure) {

    /** What the level waits for. */
    public enum Kind {
        PARKED,
        AWAITING_APPROVAL,
        /** The step named goes on. */
        RESUMED
    }
}
