package dev.belay.model.runbook;

import dev.belay.model.document.Fields;
import dev.belay.model.document.Problems;
import dev.belay.model.document.Yaml;
import dev.belay.model.document.YamlList;
import dev.belay.model.document.YamlMap;
import dev.belay.model.document.YamlScalar;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the inputs of a runbook. */
final class InputReader {

    private final Problems problems;

    InputReader(Problems problems) {
        this.problems = problems;
    }

    /** Inputs with a good type, by name. */
    Map<String, InputSpec> inputs(Optional<YamlMap> map) {
        Map<String, InputSpec> inputs = new LinkedHashMap<>();
        map.ifPresent(found ->
                found.entries().forEach(entry -> input(entry).ifPresent(spec -> inputs.put(entry.name(), spec))));
        return inputs;
    }

    private Optional<InputSpec> input(YamlMap.Entry entry) {
        if (!RunbookShapes.INPUT_NAME.matcher(entry.name()).matches()) {
            String message = "\"" + entry.name() + "\" is not the name of an input: " + RunbookShapes.INPUT_NAME_LOOKS;
            problems.add(entry.key().at(), "value", message);
        }
        if (!(entry.value() instanceof YamlMap map)) {
            String message = "input \"" + entry.name() + "\" should be an object with type, default and description";
            problems.add(entry.key().at(), "type", message);
            return Optional.empty();
        }
        Fields fields = Fields.read(map, RunbookShapes.INPUT, problems);
        return fields.text("type").map(InputReader::type).map(type -> spec(type, fields));
    }

    private InputSpec spec(ValueType type, Fields fields) {
        Optional<String> byDefault = fields.value("default").flatMap(value -> text(type, value));
        return new InputSpec(
                type, byDefault.orElse(null), fields.text("description").orElse(""));
    }

    private Optional<String> text(ValueType type, Yaml value) {
        Optional<String> text = value instanceof YamlList list ? texts(type, list) : scalar(type, value);
        if (text.isEmpty()) {
            problems.add(
                    value.at(),
                    "type",
                    "\"default\" should be " + type.looks() + ", as the input's type says, not " + value.shown());
        }
        return text;
    }

    private static Optional<String> scalar(ValueType type, Yaml value) {
        boolean fits = value instanceof YamlScalar scalar
                && type != ValueType.STRINGS
                && Literals.hasKindOf(type, scalar)
                && type.tryParse(scalar.text()).isPresent()
                && !Literals.isNoTime(type, scalar.text());
        return fits ? Optional.of(((YamlScalar) value).text()) : Optional.empty();
    }

    /** A list travels as text with commas, so its elements have none. */
    private static Optional<String> texts(ValueType type, YamlList list) {
        boolean fits = type == ValueType.STRINGS
                && !list.elements().isEmpty()
                && list.elements().stream()
                        .allMatch(element -> element instanceof YamlScalar scalar
                                && scalar.isText()
                                && !scalar.text().contains(","));
        return fits
                ? Optional.of(list.elements().stream()
                        .map(element -> ((YamlScalar) element).text())
                        .collect(Collectors.joining(",")))
                : Optional.empty();
    }

    private static ValueType type(String text) {
        return Arrays.stream(ValueType.values())
                .filter(type -> type.text().equals(text))
                .findFirst()
                .orElseThrow();
    }
}
