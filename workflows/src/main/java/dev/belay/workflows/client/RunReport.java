package dev.belay.workflows.client;

import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.RunView;
import dev.belay.workflows.RunState;
import java.util.List;

/**
 * A run at one moment.
 *
 * @param state what the run says of itself
 * @param view the run with its hops and nodes
 * @param undoable what an abort would take back, the newest first
 */
public record RunReport(RunState state, RunView view, List<LedgerEntry> undoable) {

    public RunReport {
        undoable = List.copyOf(undoable);
    }
}
