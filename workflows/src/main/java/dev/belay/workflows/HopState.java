package dev.belay.workflows;

import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import java.util.List;
import java.util.Map;

/**
 * A hop as a query and its result show it.
 *
 * @param phases in order
 * @param steps of the hop itself and of nodes that are finished
 * @param ledger likewise
 * @param outputs of finished hop steps, for references
 * @param activeNodes workflow ids of node children under way, in the order started
 */
public record HopState(
        boolean aborted,
        Map<Phase, StepState> phases,
        List<StepRecord> steps,
        List<LedgerEntry> ledger,
        Map<String, Map<String, Object>> outputs,
        List<String> activeNodes) {}
