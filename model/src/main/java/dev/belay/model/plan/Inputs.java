package dev.belay.model.plan;

import dev.belay.model.runbook.InputSpec;
import dev.belay.model.runbook.Runbook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The inputs of a run: those given, else the runbook's defaults.
 *
 * @param values every input that has a fitting value, as text
 * @param blockers inputs that are missing, unknown or of another type
 */
record Inputs(Map<String, String> values, List<Blocker> blockers) {

    static Inputs of(Runbook runbook, Map<String, String> set) {
        Map<String, String> values = new TreeMap<>();
        List<Blocker> blockers = new ArrayList<>();
        runbook.inputs().forEach((name, spec) -> {
            String text = set.getOrDefault(name, spec.defaultValue());
            if (text == null) {
                blockers.add(missing(name, spec));
            } else if (spec.type().tryParse(text).isEmpty()) {
                blockers.add(illTyped(name, spec, text));
            } else {
                values.put(name, text);
            }
        });
        set.keySet().stream()
                .filter(name -> !runbook.inputs().containsKey(name))
                .forEach(name -> blockers.add(unknown(name, runbook)));
        return new Inputs(values, blockers);
    }

    private static Blocker missing(String name, InputSpec spec) {
        return new Blocker(
                "input-missing",
                name,
                "the runbook needs it and has no default: " + spec.description(),
                "give it with --set " + name + "=..., " + spec.type().looks());
    }

    private static Blocker illTyped(String name, InputSpec spec, String text) {
        return new Blocker(
                "input-type",
                name,
                "\"" + text + "\" is not " + spec.type().looks(),
                "give it with --set " + name + "=...");
    }

    private static Blocker unknown(String name, Runbook runbook) {
        return new Blocker(
                "input-unknown",
                name,
                "the runbook " + runbook.name() + " has no such input",
                runbook.inputs().isEmpty()
                        ? "it has none"
                        : "it has " + String.join(", ", runbook.inputs().keySet()));
    }
}
