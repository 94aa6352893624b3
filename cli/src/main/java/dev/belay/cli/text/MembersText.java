package dev.belay.cli.text;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** In a restore, how far each etcd member is by the run's own record: whether it runs, and on which data. */
final class MembersText {

    private static final String STOP = "etcd.stop";
    private static final String RESTORE = "etcd.restore";
    private static final String START = "etcd.start";

    private MembersText() {}

    /** Empty for a run that restores no member. */
    static String of(RunView view) {
        Set<NodeName> nodes = view.steps().stream()
                .filter(step -> step.uses().equals(RESTORE))
                .map(StepRecord::node)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Map<String, List<String>> alike = new LinkedHashMap<>();
        nodes.forEach(node -> alike.computeIfAbsent(words(view, node), any -> new ArrayList<>())
                .add(node.value()));
        return alike.entrySet().stream()
                .map(entry -> Places.of(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining("; "));
    }

    private static String words(RunView view, NodeName node) {
        return words(state(view, node, STOP), state(view, node, RESTORE), state(view, node, START));
    }

    private static StepState state(RunView view, NodeName node, String uses) {
        return view.steps().stream()
                .filter(step -> node.equals(step.node()) && step.uses().equals(uses))
                .map(StepRecord::state)
                .reduce(StepState.PENDING, (first, last) -> last);
    }

    private static String words(StepState stop, StepState restore, StepState start) {
        if (start != StepState.PENDING) {
            return start.isSatisfied() ? "running on the restored data" : "being started on the restored data";
        }
        if (restore != StepState.PENDING) {
            return restore.isSatisfied()
                    ? "stopped, restored data in place"
                    : "stopped, its restore begun and not at its end";
        }
        if (stop != StepState.PENDING) {
            return stop.isSatisfied() ? "stopped, old data in place" : "being stopped, old data in place";
        }
        return "running on the old data";
    }
}
