package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An effect, written down before it is tried. Undone backwards.
 *
 * @param seq order within the workflow that wrote it, from 1
 * @param call what to undo it with
 * @param output of the step, once known
 */
public record LedgerEntry(
        int seq,
        String step,
        KubernetesVersion hop,
        @Nullable NodeName node,
        String uses,
        String action,
        State state,
        StepCall call,
        @Nullable Map<String, Object> output) {

    /** ARMED before the effect, DONE after it, UNDONE when taken back, VOID when it turned out that nothing was changed. */
    public enum State {
        ARMED,
        DONE,
        UNDONE,
        VOID
    }

    public LedgerEntry with(State next, @Nullable Map<String, Object> known) {
        return new LedgerEntry(seq, step, hop, node, uses, action, next, call, known);
    }

    @JsonIgnore
    public boolean isOpen() {
        return state == State.ARMED || state == State.DONE;
    }
}
