package dev.belay.model.graph;

import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one list, of a phase or a group, with the edges their {@code needs} draw. Immutable and without any order of its own but
 * the declared one, so that every replay sees the same.
 */
public final class StepGraph {

    private final Map<String, Step> steps;
    private final List<Step> topological;

    private StepGraph(Map<String, Step> steps, List<Step> topological) {
        this.steps = steps;
        this.topological = List.copyOf(topological);
    }

    /**
     * The graph of steps that were checked before.
     *
     * @throws IllegalArgumentException when {@link GraphCheck} finds problems; the message has them all
     */
    public static StepGraph of(List<? extends Step> steps) {
        List<GraphProblem> problems = GraphCheck.problems(steps);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(GraphProblem::message).collect(Collectors.joining("; ")));
        }
        Map<String, Step> byId = new LinkedHashMap<>();
        steps.forEach(step -> byId.put(step.id(), step));
        return new StepGraph(byId, sorted(byId));
    }

    /** In declared order. */
    public List<Step> steps() {
        return List.copyOf(steps.values());
    }

    public boolean has(String id) {
        return steps.containsKey(id);
    }

    public Step step(String id) {
        return known(id);
    }

    /** Steps that may start now, in declared order: not begun, and everything they need is satisfied. A step without a state is pending. */
    public List<Step> ready(Map<String, StepState> states) {
        return steps.values().stream()
                .filter(step -> states.getOrDefault(step.id(), StepState.PENDING) == StepState.PENDING)
                .filter(step -> step.needs().stream().allMatch(need -> isSatisfied(states.get(need))))
                .toList();
    }

    public boolean isComplete(Map<String, StepState> states) {
        return steps.keySet().stream().allMatch(id -> isSatisfied(states.get(id)));
    }

    /** Ids of every step that must be satisfied before this one, transitively, in declared order. */
    public List<String> upstreamOf(String id) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(known(id).needs());
        while (!open.isEmpty()) {
            String need = open.pop();
            if (seen.add(need)) {
                open.addAll(known(need).needs());
            }
        }
        return steps.keySet().stream().filter(seen::contains).toList();
    }

    /** Every step after what it needs; otherwise in declared order. */
    public List<Step> topological() {
        return topological;
    }

    /** Every step before what it needs: the order of undoing. */
    public List<Step> reversed() {
        List<Step> backwards = new ArrayList<>(topological);
        Collections.reverse(backwards);
        return List.copyOf(backwards);
    }

    private static boolean isSatisfied(@Nullable StepState state) {
        return state != null && state.isSatisfied();
    }

    private Step known(String id) {
        Step step = steps.get(id);
        if (step == null) {
            throw new IllegalArgumentException("no step \"" + id + "\" in this graph");
        }
        return step;
    }

    private static List<Step> sorted(Map<String, Step> steps) {
        Map<String, Step> placed = new LinkedHashMap<>();
        for (Step root : steps.values()) {
            Deque<Step> path = new ArrayDeque<>(List.of(root));
            while (!path.isEmpty()) {
                Step step = path.element();
                List<Step> missing = step.needs().stream()
                        .filter(need -> !placed.containsKey(need))
                        .map(steps::get)
                        .toList();
                if (missing.isEmpty()) {
                    placed.putIfAbsent(step.id(), path.pop());
                } else {
                    path.push(missing.get(0));
                }
            }
        }
        return List.copyOf(placed.values());
    }
}
