package dev.belay.model.runbook;

import dev.belay.model.document.Position;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Spelling;
import dev.belay.model.document.YamlMap;
import dev.belay.model.expression.Names;
import dev.belay.model.graph.GraphCheck;
import dev.belay.model.graph.GraphProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong between steps: ids, the graphs, and what expressions refer to. */
final class RunbookLint {

    private final Problems problems;
    private final Names names;
    private final Set<String> brokenInputs = new LinkedHashSet<>();

    RunbookLint(Problems problems, Map<String, InputSpec> inputs, Optional<YamlMap> written) {
        this.problems = problems;
        Map<String, ValueType> types = new LinkedHashMap<>();
        inputs.forEach((name, spec) -> types.put(name, spec.type()));
        this.names = Names.of(types);
        written.ifPresent(map -> map.entries().stream()
                .map(YamlMap.Entry::name)
                .filter(name -> !inputs.containsKey(name))
                .forEach(name -> brokenInputs.add("inputs." + name)));
    }

    /** Checks the steps of all phases, each a list of its own. */
    void check(List<List<Draft>> phases) {
        Map<String, Position> ids = new LinkedHashMap<>();
        Set<String> broken = new LinkedHashSet<>(brokenInputs);
        phases.forEach(drafts -> collect(drafts, ids, broken));
        for (List<Draft> drafts : phases) {
            graph(drafts, ids.keySet());
            Map<String, Draft> byId = byId(drafts);
            for (Draft draft : drafts) {
                Names outside = names.withSteps(outputs(upstream(draft, byId)), ids.keySet());
                expressions(draft, outside, broken);
                group(draft, upstream(draft, byId), ids.keySet(), broken);
            }
        }
    }

    private void group(Draft group, Collection<Draft> above, Set<String> ids, Set<String> broken) {
        graph(group.inner(), ids);
        Map<String, Draft> byId = byId(group.inner());
        for (Draft draft : group.inner()) {
            List<Draft> upstream = new ArrayList<>(above);
            upstream.addAll(upstream(draft, byId));
            expressions(draft, names.withNode().withSteps(outputs(upstream), ids), broken);
        }
    }

    private void collect(List<Draft> drafts, Map<String, Position> ids, Set<String> broken) {
        for (Draft draft : drafts) {
            Position first = ids.putIfAbsent(draft.id(), draft.idAt());
            if (first != null) {
                String message = "the id \"" + draft.id() + "\" is taken: line " + first.line()
                        + " has it, and ids are unique in the whole runbook";
                problems.add(draft.idAt(), "duplicate-id", message);
            }
            if (draft.isUnknown()) {
                broken.add("steps." + draft.id());
            }
            collect(draft.inner(), ids, broken);
        }
    }

    private void graph(List<Draft> drafts, Set<String> ids) {
        for (GraphProblem problem : GraphCheck.problems(Draft.steps(drafts))) {
            Draft draft = drafts.get(problem.index());
            if (problem.rule().equals("missing-need")) {
                String need = draft.step().needs().get(problem.need());
                String message = "\"" + draft.id() + "\" needs \"" + need + "\", " + missing(need, drafts, ids);
                problems.add(draft.needAt(problem.need()), problem.rule(), message);
            } else if (!problem.rule().equals("duplicate-id")) {
                problems.add(draft.needAt(problem.need()), problem.rule(), problem.message());
            }
        }
    }

    private static String missing(String need, List<Draft> drafts, Set<String> ids) {
        if (ids.contains(need)) {
            return "which stands in another phase or group: needs are of the same list (phases follow each other anyway)";
        }
        return "which is not a step" + Spelling.hint(need, byId(drafts).keySet());
    }

    private void expressions(Draft draft, Names visible, Set<String> broken) {
        new ExpressionLint(problems, visible, broken).check(draft);
    }

    private static Map<String, Draft> byId(List<Draft> drafts) {
        Map<String, Draft> byId = new LinkedHashMap<>();
        drafts.forEach(draft -> byId.putIfAbsent(draft.id(), draft));
        return byId;
    }

    /** As {@code StepGraph.upstreamOf}, also in graphs that have problems. */
    private static List<Draft> upstream(Draft draft, Map<String, Draft> byId) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(draft.step().needs());
        while (!open.isEmpty()) {
            String need = open.pop();
            Draft found = byId.get(need);
            if (found != null && seen.add(need)) {
                open.addAll(found.step().needs());
            }
        }
        seen.remove(draft.id());
        return byId.values().stream().filter(known -> seen.contains(known.id())).toList();
    }

    private static Map<String, Map<String, ValueType>> outputs(Collection<Draft> upstream) {
        Map<String, Map<String, ValueType>> outputs = new LinkedHashMap<>();
        upstream.forEach(draft -> {
            Map<String, ValueType> types = new LinkedHashMap<>();
            draft.outputs().forEach((name, field) -> types.put(name, field.type()));
            outputs.put(draft.id(), types);
        });
        return outputs;
    }
}
