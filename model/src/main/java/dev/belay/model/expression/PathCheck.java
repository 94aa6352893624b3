package dev.belay.model.expression;

import dev.belay.model.document.Spelling;
import dev.belay.model.runbook.ValueType;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares the names in an expression with those that are known at its place. */
final class PathCheck {

    private final Names names;

    PathCheck(Names names) {
        this.names = names;
    }

    List<ExpressionProblem> problems(String expression, List<Path> paths) {
        return paths.stream()
                .flatMap(path -> problem(path).stream().map(found -> at(expression, path, found)))
                .toList();
    }

    /** The type of a path that has no problems. */
    Optional<ValueType> type(Path path) {
        List<String> fields = path.fields();
        if (path.root().equals("steps") && fields.size() == 2) {
            return field(names.steps().get(fields.get(0)), fields.get(1));
        }
        return fields.size() == 1 ? field(names.facts().get(path.root()), fields.get(0)) : Optional.empty();
    }

    static String words(CelType type) {
        if (type.equals(SimpleType.STRING)) {
            return "a text";
        }
        if (type.equals(SimpleType.INT)) {
            return "a whole number";
        }
        if (type.equals(SimpleType.BOOL)) {
            return "true or false";
        }
        return type instanceof ListType ? "a list" : "a value of type " + type.name();
    }

    /** CEL counts code points, positions in a file are counted in characters. */
    static int characters(String expression, int codePoints) {
        int known = Math.min(codePoints, expression.codePointCount(0, expression.length()));
        return expression.offsetByCodePoints(0, Math.max(0, known));
    }

    private static ExpressionProblem at(String expression, Path path, Finding found) {
        return new ExpressionProblem(found.rule(), characters(expression, path.offset()), found.message());
    }

    private Optional<Finding> problem(Path path) {
        if (path.root().equals("steps")) {
            return step(path);
        }
        Map<String, ValueType> fields = names.facts().get(path.root());
        if (fields == null) {
            return Optional.of(unknown(root(path.root())));
        }
        return fields(path, path.root(), fields, path.fields());
    }

    private String root(String name) {
        if (name.equals("node")) {
            return "\"node\" is only known inside a group (forEach)";
        }
        return "\"" + name + "\" is not known" + Spelling.hint(name, Cel.ROOTS) + "; expressions see "
                + String.join(", ", names.facts().keySet()) + " and steps";
    }

    private Optional<Finding> step(Path path) {
        if (path.fields().isEmpty()) {
            return Optional.of(
                    unknown("write steps.<id>.<output>; an id with \"-\" goes in backquotes: steps.`my-id`.file"));
        }
        String id = path.fields().get(0);
        Map<String, ValueType> outputs = names.steps().get(id);
        if (outputs != null) {
            return fields(
                    path,
                    "steps." + id,
                    outputs,
                    path.fields().subList(1, path.fields().size()));
        }
        if (names.elsewhere().contains(id)) {
            return Optional.of(new Finding(
                    "not-upstream",
                    "step \"" + id + "\" is not upstream: only steps that this one needs, directly or through others, "
                            + "can be referred to"));
        }
        return Optional.of(unknown("there is no step \"" + id + "\""
                + Spelling.hint(id, names.steps().keySet())));
    }

    private static Optional<Finding> fields(
            Path path, String owner, Map<String, ValueType> known, List<String> selected) {
        if (selected.size() == 1 && known.containsKey(selected.get(0))) {
            return Optional.empty();
        }
        if (selected.isEmpty()) {
            return Optional.of(unknown("\"" + owner + "\" is not a value by itself: " + listed(owner, known.keySet())));
        }
        String name = selected.get(0);
        if (!known.containsKey(name)) {
            return Optional.of(unknown("\"" + owner + "\" has no \"" + name + "\"" + Spelling.hint(name, known.keySet())
                    + "; " + listed(owner, known.keySet())));
        }
        return Optional.of(unknown("\"" + path + "\": \"" + owner + "." + name + "\" is a value and has no fields"));
    }

    private static String listed(String owner, Collection<String> known) {
        return known.isEmpty() ? owner + " has none" : owner + " has " + String.join(", ", known);
    }

    private static Optional<ValueType> field(@Nullable Map<String, ValueType> fields, String name) {
        return fields == null ? Optional.empty() : Optional.ofNullable(fields.get(name));
    }

    private static Finding unknown(String message) {
        return new Finding("unknown-reference", message);
    }

    private record Finding(String rule, String message) {}
}
