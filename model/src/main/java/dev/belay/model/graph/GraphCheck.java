package dev.belay.model.graph;

import dev.belay.model.runbook.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds everything wrong with the edges of a list of steps. Without recursion, so that a hostile file cannot exhaust the stack: steps that
 * depend on no cycle are peeled off first, and what is left is walked until a step comes again.
 */
public final class GraphCheck {

    private final List<? extends Step> steps;
    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private final List<GraphProblem> problems = new ArrayList<>();

    private GraphCheck(List<? extends Step> steps) {
        this.steps = steps;
    }

    public static List<GraphProblem> problems(List<? extends Step> steps) {
        GraphCheck check = new GraphCheck(steps);
        check.ids();
        check.needs();
        check.cycles();
        return List.copyOf(check.problems);
    }

    private void ids() {
        for (int i = 0; i < steps.size(); i++) {
            if (indexes.putIfAbsent(steps.get(i).id(), i) != null) {
                problems.add(new GraphProblem("duplicate-id", i, -1, "two steps have the id " + quoted(i)));
            }
        }
    }

    private void needs() {
        for (int i = 0; i < steps.size(); i++) {
            List<String> needs = steps.get(i).needs();
            Set<String> seen = new LinkedHashSet<>();
            for (int n = 0; n < needs.size(); n++) {
                need(i, n, needs.get(n), seen);
            }
        }
    }

    private void need(int index, int place, String need, Set<String> seen) {
        if (!seen.add(need)) {
            String message = quoted(index) + " needs \"" + need + "\" twice";
            problems.add(new GraphProblem("duplicate-need", index, place, message));
        } else if (!indexes.containsKey(need)) {
            String message = quoted(index) + " needs \"" + need + "\", which is not a step of the same list";
            problems.add(new GraphProblem("missing-need", index, place, message));
        }
    }

    private void cycles() {
        Map<Integer, List<Integer>> edges = new TreeMap<>();
        indexes.values().forEach(i -> edges.put(i, known(steps.get(i).needs())));
        peel(edges);
        while (!edges.isEmpty()) {
            List<Integer> cycle = cycleFrom(edges.keySet().iterator().next(), edges);
            report(cycle);
            cycle.forEach(edges::remove);
            peel(edges);
        }
    }

    private List<Integer> known(List<String> needs) {
        return needs.stream().filter(indexes::containsKey).map(indexes::get).toList();
    }

    /** Takes away, again and again, what waits for nothing that is left. */
    private void peel(Map<Integer, List<Integer>> edges) {
        Map<Integer, List<Integer>> dependents = new LinkedHashMap<>();
        Map<Integer, Integer> open = new LinkedHashMap<>();
        edges.forEach((from, needs) -> {
            List<Integer> left = needs.stream().filter(edges::containsKey).toList();
            open.put(from, left.size());
            left.forEach(to ->
                    dependents.computeIfAbsent(to, key -> new ArrayList<>()).add(from));
        });
        Deque<Integer> free = new ArrayDeque<>();
        open.forEach((step, count) -> addIfFree(free, step, count));
        while (!free.isEmpty()) {
            int step = free.pop();
            edges.remove(step);
            for (int dependent : dependents.getOrDefault(step, List.of())) {
                addIfFree(free, dependent, open.merge(dependent, -1, Integer::sum));
            }
        }
    }

    private static void addIfFree(Deque<Integer> free, int step, int open) {
        if (open == 0) {
            free.add(step);
        }
    }

    private static List<Integer> cycleFrom(int start, Map<Integer, List<Integer>> edges) {
        List<Integer> path = new ArrayList<>();
        Set<Integer> seen = new LinkedHashSet<>();
        int at = start;
        while (seen.add(at)) {
            path.add(at);
            at = edges.getOrDefault(at, List.of()).stream()
                    .filter(edges::containsKey)
                    .findFirst()
                    .orElseThrow();
        }
        return path.subList(path.indexOf(at), path.size());
    }

    private void report(List<Integer> cycle) {
        StringBuilder way = new StringBuilder();
        cycle.forEach(i -> way.append(steps.get(i).id()).append(" needs "));
        int first = cycle.get(0);
        int next = cycle.get(1 % cycle.size());
        int place = steps.get(first).needs().indexOf(steps.get(next).id());
        String message =
                "these steps wait for each other: " + way + steps.get(first).id();
        problems.add(new GraphProblem("cycle", first, place, message));
    }

    private String quoted(int index) {
        return "\"" + steps.get(index).id() + "\"";
    }
}
