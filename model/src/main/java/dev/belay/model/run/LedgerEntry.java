package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An effect, written down before it is tried. Undone backwards.
 *
 * @param seq order within the workflow that wrote it, from 1
 * @param armedAt by the engine's clock: the order of effects across workflows
 * @param call what to undo it with; null when it cannot be undone
 * @param output of the step, once known and while it may be needed
 */
public record LedgerEntry(
        int seq,
        String step,
        KubernetesVersion hop,
        @Nullable NodeName node,
        String uses,
        String action,
        Instant armedAt,
        State state,
        @Nullable StepCall call,
        @Nullable Map<String, Object> output) {

    /**
     * ARMED before the effect, DONE after it, UNDONE when taken back, VOID when it turned out that nothing was changed, LEFT when a person
     * decided not to have it taken back.
     */
    public enum State {
        ARMED,
        DONE,
        UNDONE,
        VOID,
        LEFT
    }

    public LedgerEntry with(State next, @Nullable Map<String, Object> known) {
        return new LedgerEntry(seq, step, hop, node, uses, action, armedAt, next, call, known);
    }

    /** Armed again: what a retry would be undone with. */
    public LedgerEntry with(@Nullable StepCall again) {
        return new LedgerEntry(seq, step, hop, node, uses, action, armedAt, State.ARMED, again, null);
    }

    /** Moved to another ledger. */
    public LedgerEntry as(int place) {
        return new LedgerEntry(place, step, hop, node, uses, action, armedAt, state, call, output);
    }

    /** What the record needs when nothing can be undone any more. */
    public LedgerEntry closed() {
        return new LedgerEntry(seq, step, hop, node, uses, action, armedAt, state, null, null);
    }

    @JsonIgnore
    public boolean isOpen() {
        return state == State.ARMED || state == State.DONE;
    }
}
