package dev.belay.model.runbook;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Position;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Spelling;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlList;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import dev.belay.model.expression.ExpressionCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the inputs of a step and compares them with its type. Whether references have the right type is seen later, with the graph. */
final class WithReader {

    private final Problems problems;

    WithReader(Problems problems) {
        this.problems = problems;
    }

    Map<String, Object> with(Fields step, Optional<StepSignature> signature) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<YamlMap.Entry> entries = step.map("with").map(YamlMap::entries).orElse(List.of());
        entries.forEach(entry -> values.putIfAbsent(entry.name(), value(entry.value())));
        signature.ifPresent(type -> {
            entries.forEach(entry -> field(type, entry));
            missing(
                    type,
                    values,
                    step.has("with") ? step.keyAt("with") : step.map().at());
        });
        return values;
    }

    private void missing(StepSignature type, Map<String, Object> values, Position at) {
        type.input().forEach((name, field) -> {
            if (field.required() && !values.containsKey(name)) {
                String message = "\"" + type.uses() + "\" must have \"" + name + "\" under with: "
                        + field.type().looks() + " (" + field.description() + ")";
                problems.add(at, "missing-input", message);
            }
        });
    }

    private void field(StepSignature type, YamlMap.Entry entry) {
        StepSignature.Field field = type.input().get(entry.name());
        if (field != null) {
            check(entry.name(), field, entry.value());
        } else if (!entry.name().equals("<<")) {
            problems.add(entry.key().at(), "unknown-input", unknown(type, entry.name()));
        }
    }

    private static String unknown(StepSignature type, String name) {
        String known = type.input().isEmpty()
                ? "it has none"
                : "it has " + String.join(", ", type.input().keySet());
        return "\"" + name + "\" is not an input of \"" + type.uses() + "\""
                + Spelling.hint(name, type.input().keySet()) + "; " + known;
    }

    private void check(String name, StepSignature.Field field, Yaml value) {
        if (value instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.REFUSED) {
            return;
        }
        if (value instanceof YamlScalar scalar && scalar.isText() && ExpressionCheck.hasReference(scalar.text())) {
            reference(name, field, scalar);
        } else if (value instanceof YamlList list && field.type() == ValueType.STRINGS) {
            list.elements().forEach(element -> literal(name, ValueType.STRING, field, element));
        } else {
            literal(name, field.type(), field, value);
        }
    }

    private void reference(String name, StepSignature.Field field, YamlScalar scalar) {
        if (field.type() != ValueType.STRING && !ExpressionCheck.isOneReference(scalar.text())) {
            String message = "\"" + name + "\" should be " + field.type().looks()
                    + ": one reference and nothing around it, since text with references in it is text";
            problems.add(scalar.at(), "type", message);
        }
    }

    private void literal(String name, ValueType type, StepSignature.Field field, Yaml value) {
        boolean fits = value instanceof YamlScalar scalar
                && type != ValueType.STRINGS
                && Literals.hasKindOf(type, scalar)
                && type.tryParse(scalar.text()).isPresent()
                && !Literals.isNoTime(type, scalar.text());
        if (!fits) {
            problems.add(value.at(), "type", "\"" + name + "\" should be " + type.looks() + ", not " + value.shown());
        } else if (value instanceof YamlScalar scalar && !ExpressionCheck.hasReference(scalar.text())) {
            oneOf(name, field.oneOf(), scalar);
        }
    }

    private void oneOf(String name, List<String> oneOf, YamlScalar scalar) {
        if (!oneOf.isEmpty() && !oneOf.contains(scalar.text())) {
            String message = "\"" + name + "\" should be one of " + String.join(", ", oneOf) + ", not \""
                    + scalar.text() + "\"" + Spelling.hint(scalar.text(), oneOf);
            problems.add(scalar.at(), "value", message);
        }
    }

    private static Object value(Yaml value) {
        if (value instanceof YamlList list) {
            return list.elements().stream().map(WithReader::value).toList();
        }
        if (value instanceof YamlMap map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.entries().forEach(entry -> fields.putIfAbsent(entry.name(), value(entry.value())));
            return fields;
        }
        return Literals.value((YamlScalar) value);
    }
}
