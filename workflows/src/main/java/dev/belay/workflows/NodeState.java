package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.StepRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node child as a query and its result show it.
 *
 * @param setback why it went back by itself; null when it did not
 */
public record NodeState(
        NodeName node,
        boolean aborted,
        List<StepRecord> steps,
        List<LedgerEntry> ledger,
        @Nullable Setback setback) {}
