package dev.belay.workflows;

import dev.belay.model.run.RunStatus;
import dev.belay.model.runbook.Phase;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a workflow shows to those who do not ask it: search attributes, written only when they change, and the on-call's page. */
final class Signboard {

    private String state = RunStatus.RUNNING.name();
    private @Nullable Phase phase;
    private long done = -1;
    private long total = -1;

    void show(RunStatus status, String page) {
        show(status, null, page);
    }

    void show(RunStatus status, @Nullable Progress progress, String page) {
        List<SearchAttributeUpdate<?>> changes = new ArrayList<>();
        if (!state.equals(status.name())) {
            state = status.name();
            changes.add(SearchAttributes.STATE.valueSet(state));
        }
        if (progress != null) {
            compare(progress, changes);
        }
        if (!changes.isEmpty()) {
            Workflow.upsertTypedSearchAttributes(changes.toArray(SearchAttributeUpdate<?>[]::new));
        }
        Workflow.setCurrentDetails(page);
    }

    private void compare(Progress progress, List<SearchAttributeUpdate<?>> changes) {
        if (progress.phase() != phase) {
            phase = progress.phase();
            changes.add(SearchAttributes.PHASE.valueSet(progress.phase().text()));
        }
        if (progress.nodesDone() != done) {
            done = progress.nodesDone();
            changes.add(SearchAttributes.NODES_DONE.valueSet(done));
        }
        if (progress.nodesTotal() != total) {
            total = progress.nodesTotal();
            changes.add(SearchAttributes.NODES_TOTAL.valueSet(total));
        }
    }
}
