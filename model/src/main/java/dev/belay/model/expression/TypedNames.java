package dev.belay.model.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.belay.model.runbook.ValueType;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Names as types of CEL: a structure for each fact, one for each step, and one that holds the steps. */
final class TypedNames {

    private final Map<String, CelType> variables = new LinkedHashMap<>();
    private final Map<String, CelType> types = new LinkedHashMap<>();

    TypedNames(Names names) {
        names.facts().forEach((fact, fields) -> variables.put(fact, structure("(" + fact + ")", types(fields))));
        Map<String, CelType> steps = new LinkedHashMap<>();
        names.steps().forEach((id, fields) -> steps.put(id, structure("(step " + id + ")", types(fields))));
        variables.put("steps", structure("(steps)", steps));
    }

    static CelType type(ValueType type) {
        return switch (type) {
            case STRING, DURATION, KUBERNETES_VERSION -> SimpleType.STRING;
            case INTEGER -> SimpleType.INT;
            case BOOLEAN -> SimpleType.BOOL;
            case STRINGS -> ListType.create(SimpleType.STRING);
        };
    }

    Map<String, CelType> variables() {
        return variables;
    }

    CelTypeProvider types() {
        return new Types(ImmutableMap.copyOf(types));
    }

    private CelType structure(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
        CelType type = StructType.create(name, known.keySet(), field -> Optional.ofNullable(known.get(field)));
        types.put(name, type);
        return type;
    }

    private static Map<String, CelType> types(Map<String, ValueType> fields) {
        Map<String, CelType> typed = new LinkedHashMap<>();
        fields.forEach((name, type) -> typed.put(name, type(type)));
        return typed;
    }

    private record Types(ImmutableMap<String, CelType> byName) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return byName.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(byName.get(name));
        }
    }
}
