package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hop as a query and its result show it, and as it is carried over continue-as-new.
 *
 * @param aborted an abort was asked for; in a result: and carried out
 * @param way how far it went back; null for a climb, and for an abort in older histories
 * @param phases in order
 * @param steps of the hop itself and of nodes that are finished; a group's own record has {@code uses} "group"
 * @param ledger likewise
 * @param outputs of finished hop steps, for references
 * @param visited nodes that are finished, by group
 * @param activeNodes workflow ids of node children under way, in the order started
 */
public record HopState(
        Hop hop,
        boolean aborted,
        @Nullable Way way,
        Map<Phase, StepState> phases,
        List<StepRecord> steps,
        List<LedgerEntry> ledger,
        Map<String, Map<String, Object>> outputs,
        Map<String, List<NodeName>> visited,
        List<String> activeNodes) {

    /** Null while it climbs. */
    @Nullable
    Way back() {
        return aborted && way == null ? Way.ABORT : way;
    }

    HopState withLedger(List<LedgerEntry> entries) {
        return new HopState(
                hop, aborted, way, phases, Ledger.marked(steps, entries), entries, outputs, visited, activeNodes);
    }
}
