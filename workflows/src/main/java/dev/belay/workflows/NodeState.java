package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.StepRecord;
import java.util.List;

/** A node child as a query and its result show it. */
public record NodeState(NodeName node, boolean aborted, List<StepRecord> steps, List<LedgerEntry> ledger) {}
