package dev.belay.workflows.client;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.RunView;
import dev.belay.workflows.RunState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run at one moment.
 *
 * @param state what the run says of itself
 * @param view the run with its hops and nodes
 * @param undoable what an abort would take back, the newest first
 * @param hop the one under way, or the last one that was; null before the first
 * @param snapshot what the snapshot step of the hop gave back; empty when there is none yet
 */
public record RunReport(
        RunState state,
        RunView view,
        List<LedgerEntry> undoable,
        @Nullable Hop hop,
        Map<String, Object> snapshot) {

    public RunReport {
        undoable = List.copyOf(undoable);
    }

    /** The folder that the snapshot lies in, which holds all that the hop kept; empty when there is none yet. */
    public String backupSet() {
        return Ladder.backupSet(snapshot);
    }
}
