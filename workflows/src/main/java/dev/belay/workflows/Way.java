package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.StepSignature;
import org.jspecify.annotations.Nullable;

/**
 * How far the ledger is taken back. An abort undoes everywhere what steps left lying about, and leaves versions. A rung leaves finished nodes
 * alone but the one that goes back, whose effects are reversed whole. Before a restore nothing is touched: the snapshot and the old files
 * bring everything back.
 *
 * @param rung null for an abort
 * @param node the one that goes back; null for every other rung
 */
public record Way(@Nullable Rung rung, @Nullable NodeName node) {

    static final Way ABORT = new Way(null, null);
    private static final String UNDO = ".undo";
    private static final String REVERSE = ".reverse";

    static Way of(Command command) {
        return new Way(command.rung(), command.node());
    }

    /** Whether this entry is taken back, given that its place is one the way leads to. */
    boolean touches(LedgerEntry entry, StepSignature signature) {
        return (rung == null || !rung.hasRunbook()) && (reverses(entry, signature) || signature.undoable());
    }

    /** What was done once per hop, on the node that goes back, and for an abort everywhere. */
    boolean leadsTo(LedgerEntry entry) {
        return rung == null || entry.node() == null || entry.node().equals(node);
    }

    /** The same for a hop before the last: a node goes back one hop only. */
    boolean leadsToEarlier(LedgerEntry entry) {
        return rung == null || entry.node() == null;
    }

    /** What is added to the step type's name. */
    String how(LedgerEntry entry, StepSignature signature) {
        return reverses(entry, signature) ? REVERSE : UNDO;
    }

    private boolean reverses(LedgerEntry entry, StepSignature signature) {
        boolean meant = rung == Rung.STEP || (rung == Rung.NODE && entry.node() != null && leadsTo(entry));
        return meant && signature.reversible();
    }
}
