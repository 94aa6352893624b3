package dev.belay.model.expression;

import dev.belay.model.runbook.ValueType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What expressions at one place of a runbook may refer to, with types.
 *
 * @param facts {@code inputs}, {@code hop}, {@code cluster}, and inside groups {@code node}, each with its fields
 * @param steps outputs of the steps upstream, by id
 * @param elsewhere ids of the runbook's other steps, which cannot be referred to from here
 */
public record Names(
        Map<String, Map<String, ValueType>> facts, Map<String, Map<String, ValueType>> steps, Set<String> elsewhere) {

    private static final Map<String, ValueType> HOP = ordered(
            List.of("from", "to", "minor", "first", "last", "raisesEtcdMinor", "index"),
            List.of(
                    ValueType.KUBERNETES_VERSION,
                    ValueType.KUBERNETES_VERSION,
                    ValueType.STRING,
                    ValueType.BOOLEAN,
                    ValueType.BOOLEAN,
                    ValueType.BOOLEAN,
                    ValueType.INTEGER));
    private static final Map<String, ValueType> CLUSTER = ordered(List.of("name"), List.of(ValueType.STRING));
    private static final Map<String, ValueType> NODE = ordered(
            List.of("name", "role", "version", "zone", "index", "first", "last"),
            List.of(
                    ValueType.STRING,
                    ValueType.STRING,
                    ValueType.KUBERNETES_VERSION,
                    ValueType.STRING,
                    ValueType.INTEGER,
                    ValueType.BOOLEAN,
                    ValueType.BOOLEAN));

    public Names {
        facts = new LinkedHashMap<>(facts);
        steps = new LinkedHashMap<>(steps);
        elsewhere = new LinkedHashSet<>(elsewhere);
    }

    /** Outside groups, without any step upstream. */
    public static Names of(Map<String, ValueType> inputs) {
        Map<String, Map<String, ValueType>> facts = new LinkedHashMap<>();
        facts.put("inputs", inputs);
        facts.put("hop", HOP);
        facts.put("cluster", CLUSTER);
        return new Names(facts, Map.of(), Set.of());
    }

    /** The same inside a group. */
    public Names withNode() {
        Map<String, Map<String, ValueType>> more = new LinkedHashMap<>(facts);
        more.put("node", NODE);
        return new Names(more, steps, elsewhere);
    }

    /** The same with these steps upstream, and all other ids of the runbook elsewhere. */
    public Names withSteps(Map<String, Map<String, ValueType>> upstream, Collection<String> all) {
        Set<String> others = new LinkedHashSet<>(all);
        others.removeAll(upstream.keySet());
        return new Names(facts, upstream, others);
    }

    private static Map<String, ValueType> ordered(List<String> names, List<ValueType> types) {
        Map<String, ValueType> fields = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            fields.put(names.get(i), types.get(i));
        }
        return fields;
    }
}
