package dev.belay.model.expression;

import dev.belay.model.expression.Template.Part;
import dev.belay.model.expression.Template.UnclosedReference;
import dev.belay.model.runbook.Durations;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates what a runbook refers to. Slow the first time in a JVM (about a second), so never called from workflow code; {@link #warm}
 * pays for that in advance. Every method throws {@link ExpressionFailure}, which names the expression, when there is no value.
 */
public final class Expressions {

    private Expressions() {}

    /** Loads what the first evaluation needs. */
    public static void warm() {
        holds(
                "inputs.ready && !(1 > 2)",
                Scope.builder().inputs(Map.of("ready", true)).build());
    }

    /** A step's inputs with every reference in place of its value. Text that is wholly one reference keeps the value's type. */
    public static Map<String, Object> resolve(Map<String, Object> with, Scope scope) {
        Map<String, Object> resolved = new LinkedHashMap<>();
        with.forEach((key, value) -> resolved.put(key, value(value, scope)));
        return resolved;
    }

    /** Whether a condition holds. */
    public static boolean holds(String when, Scope scope) {
        Object result = evaluate(when, scope);
        if (result instanceof Boolean answer) {
            return answer;
        }
        throw failure(when, "is neither true nor false");
    }

    /** A duration as written, or as a reference says. */
    public static Duration duration(String text, Scope scope) {
        Object resolved = text(text, scope);
        if (resolved instanceof String words) {
            return Durations.tryParse(words)
                    .orElseThrow(
                            () -> failure(text, "gives \"" + words + "\", which is not a duration such as 90s or 5m"));
        }
        throw failure(text, "gives " + resolved + ", which is not a duration such as 90s or 5m");
    }

    private static Object value(@Nullable Object value, Scope scope) {
        if (value instanceof String text) {
            return text(text, scope);
        }
        if (value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>();
            list.forEach(element -> elements.add(value(element, scope)));
            return elements;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((key, element) -> fields.put(String.valueOf(key), value(element, scope)));
            return fields;
        }
        return value == null ? "" : value;
    }

    private static Object text(String text, Scope scope) {
        try {
            Template template = Template.parse(text);
            if (template.isOneExpression()) {
                return evaluate(template.parts().get(0).text(), scope);
            }
            StringBuilder all = new StringBuilder();
            template.parts().forEach(part -> all.append(part(part, scope)));
            return all.toString();
        } catch (UnclosedReference e) {
            throw failure(text, "has a reference without its end: " + e.getMessage());
        }
    }

    private static String part(Part part, Scope scope) {
        if (!part.isExpression()) {
            return part.text();
        }
        Object value = evaluate(part.text(), scope);
        if (value instanceof List || value instanceof Map) {
            throw failure(part.text(), "is a list or an object, which cannot stand inside text");
        }
        return String.valueOf(value);
    }

    private static Object evaluate(String expression, Scope scope) {
        try {
            Compiled compiled = Compiled.of(expression);
            return evaluated(expression, compiled, scope);
        } catch (CelValidationException e) {
            throw failure(expression, "is not an expression: " + Cel.sentence(e));
        } catch (CelEvaluationException e) {
            throw failure(expression, "is not an expression: " + Cel.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private static Object evaluated(String expression, Compiled compiled, Scope scope) {
        try {
            return Values.fromCel(compiled.evaluate(withSkipped(scope.variables(), compiled.paths())));
        } catch (CelEvaluationException e) {
            String otherwise = Cel.oneLine(String.valueOf(e.getMessage()));
            throw failure(expression, absent(compiled.paths(), scope, otherwise));
        } catch (IllegalArgumentException e) {
            throw failure(expression, String.valueOf(e.getMessage()));
        }
    }

    /** The lint made sure that every step an expression names is upstream: one without outputs was skipped, and has no fields. */
    private static Map<String, Object> withSkipped(Map<String, Object> variables, List<Path> paths) {
        Map<String, Object> steps = new LinkedHashMap<>();
        paths.stream()
                .filter(path -> path.root().equals("steps") && !path.fields().isEmpty())
                .forEach(path -> steps.put(path.fields().get(0), Map.of()));
        if (variables.get("steps") instanceof Map<?, ?> known) {
            known.forEach((id, outputs) -> steps.put(String.valueOf(id), outputs));
        }
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.put("steps", steps);
        return all;
    }

    private static String absent(List<Path> paths, Scope scope, String otherwise) {
        for (Path path : paths) {
            List<String> names = new ArrayList<>(List.of(path.root()));
            names.addAll(path.fields());
            if (scope.find(names) == null) {
                String why = path.root().equals("steps") ? ": was the step skipped?" : "";
                return "has no value, since " + path + " is not there" + why;
            }
        }
        return "has no value: " + otherwise;
    }

    private static ExpressionFailure failure(String expression, String why) {
        return new ExpressionFailure(Cel.quoted(expression) + " " + why);
    }
}
