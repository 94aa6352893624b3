package dev.belay.model.runbook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A graph of typed and soak steps, run once per selected node, batch after batch; each node is a workflow of its own. */
public record GroupStep(
        String id, List<String> needs, @Nullable String when, ForEach forEach, List<Step> steps) implements Step {

    public GroupStep {
        needs = List.copyOf(needs);
        steps = List.copyOf(steps);
    }
}
