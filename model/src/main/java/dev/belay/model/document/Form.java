package dev.belay.model.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.model.document.YamlScalar.Kind;
import dev.belay.model.runbook.Durations;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What a value should look like. */
public sealed interface Form {

    /** For messages: {@code a duration such as 5m}. */
    String looks();

    /** Says whether the value is so; reports it otherwise. */
    boolean accepts(String name, Yaml value, Problems problems);

    /** As JSON Schema, a new object at each call. */
    ObjectNode schema();

    /**
     * Text.
     *
     * @param looks what the pattern asks for, in words
     */
    record Text(String looks, Pattern pattern) implements Form {

        /** Any text of one character or more. */
        public static Text any() {
            return new Text("text", Pattern.compile("(?s).+"));
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            if (!(value instanceof YamlScalar scalar) || !scalar.isText()) {
                return Forms.wrongText(name, looks, value, problems);
            }
            boolean matches = pattern.matcher(scalar.text()).matches();
            return matches || Forms.wrongValue(name, looks, scalar, problems);
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = Forms.type("string");
            return pattern.pattern().startsWith("(?")
                    ? schema.put("minLength", 1)
                    : schema.put("pattern", "^" + pattern.pattern() + "$");
        }
    }

    /** A whole number between two bounds. */
    record Whole(int min, int max) implements Form {

        @Override
        public String looks() {
            return "a whole number from " + min + " to " + max;
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            if (!(value instanceof YamlScalar scalar) || scalar.kind() != Kind.INTEGER) {
                return Forms.wrongType(name, looks(), value, problems);
            }
            long number = Long.parseLong(scalar.text());
            return (min <= number && number <= max) || Forms.wrongValue(name, looks(), scalar, problems);
        }

        @Override
        public ObjectNode schema() {
            return Forms.type("integer").put("minimum", min).put("maximum", max);
        }
    }

    /** True or false. */
    record Flag() implements Form {

        @Override
        public String looks() {
            return "true or false";
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            boolean flag = value instanceof YamlScalar scalar && scalar.kind() == Kind.BOOLEAN;
            return flag || Forms.wrongType(name, looks(), value, problems);
        }

        @Override
        public ObjectNode schema() {
            return Forms.type("boolean");
        }
    }

    /** One of a few words. */
    record Choice(List<String> values) implements Form {

        public static Choice of(String... values) {
            return new Choice(List.of(values));
        }

        public static Choice of(List<String> values) {
            return new Choice(values);
        }

        @Override
        public String looks() {
            return values.size() == 1 ? values.get(0) : "one of " + String.join(", ", values);
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            if (!(value instanceof YamlScalar scalar) || !scalar.isText()) {
                return Forms.wrongType(name, looks(), value, problems);
            }
            return values.contains(scalar.text()) || Forms.wrongChoice(name, this, scalar, problems);
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode();
            values.forEach(schema.putArray("enum")::add);
            return schema;
        }
    }

    /** A duration, longer than nothing and not longer than a bound. */
    record Time(Duration max) implements Form {

        @Override
        public String looks() {
            return "a duration such as 90s, 5m or 1h30m, longer than 0s and at most " + Durations.format(max);
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            if (!(value instanceof YamlScalar scalar) || (!scalar.isText() && scalar.kind() != Kind.INTEGER)) {
                return Forms.wrongType(name, looks(), value, problems);
            }
            boolean fits = Durations.tryParse(scalar.text())
                    .filter(duration -> !duration.isZero() && duration.compareTo(max) <= 0)
                    .isPresent();
            return fits || Forms.wrongValue(name, looks(), scalar, problems);
        }

        @Override
        public ObjectNode schema() {
            return Forms.type("string").put("pattern", "^(?=.)([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$");
        }
    }

    /** A list of texts. */
    record Texts(int most) implements Form {

        @Override
        public String looks() {
            return "a list of texts, at most " + most;
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            if (!(value instanceof YamlList list)) {
                return Forms.wrongType(name, looks(), value, problems);
            }
            if (list.elements().size() > most) {
                String message = "\"" + name + "\" should be " + looks() + ", not "
                        + list.elements().size();
                problems.add(list.at(), "value", message);
                return false;
            }
            return Forms.allTexts(name, list, problems);
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = Forms.type("array").put("maxItems", most);
            schema.putObject("items").put("type", "string");
            return schema;
        }
    }

    /** An object of a known shape. Its own keys are checked where it is read. */
    record Nested(Shape shape) implements Form {

        @Override
        public String looks() {
            return "an object with " + String.join(", ", shape.names());
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            return value instanceof YamlMap || Forms.wrongType(name, looks(), value, problems);
        }

        @Override
        public ObjectNode schema() {
            return shape.schema();
        }
    }

    /**
     * Anything its reader checks by itself.
     *
     * @param accepted the kinds of values that are looked at further
     * @param reference where the schema of it stands
     */
    record Custom(String looks, List<Class<? extends Yaml>> accepted, String reference) implements Form {

        public static Custom map(String looks, String reference) {
            return new Custom(looks, List.of(YamlMap.class), reference);
        }

        public static Custom list(String looks, String reference) {
            return new Custom(looks, List.of(YamlList.class), reference);
        }

        public static Custom listOrMap(String looks, String reference) {
            return new Custom(looks, List.of(YamlList.class, YamlMap.class), reference);
        }

        public static Custom scalar(String looks, String reference) {
            return new Custom(looks, List.of(YamlScalar.class), reference);
        }

        public static Custom any(String looks, String reference) {
            return new Custom(looks, List.of(YamlScalar.class, YamlList.class), reference);
        }

        @Override
        public boolean accepts(String name, Yaml value, Problems problems) {
            boolean absent = value instanceof YamlScalar scalar
                    && (scalar.kind() == Kind.NOTHING || scalar.kind() == Kind.REFUSED);
            boolean fits = accepted.stream().anyMatch(type -> type.isInstance(value));
            return (fits && !absent) || Forms.wrongType(name, looks, value, problems);
        }

        @Override
        public ObjectNode schema() {
            return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + reference);
        }
    }
}
