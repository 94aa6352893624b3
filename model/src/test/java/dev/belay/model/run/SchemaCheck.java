package dev.belay.model.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks a document against the part of JSON Schema that docs/schema uses; a keyword it does not know is an error of its own. */
final class SchemaCheck {
    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck(JsonNode root) {
        this.root = root;
    }

    static List<String> problems(String schema, JsonNode document) {
        try {
            Path file = Path.of("..", "docs", "schema", schema);
            SchemaCheck check = new SchemaCheck(new ObjectMapper().readTree(Files.readAllBytes(file)));
            check.value("$", check.root, document);
            return check.problems;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void value(String at, JsonNode schema, JsonNode value) {
        schema.properties().forEach(keyword -> keyword(at, schema, keyword.getKey(), keyword.getValue(), value));
    }

    private void keyword(String at, JsonNode schema, String keyword, JsonNode wanted, JsonNode value) {
        switch (keyword) {
            case "$schema", "$id", "title", "description", "$defs" -> {}
            case "$ref" -> value(at, root.at(wanted.asText().substring(1)), value);
            case "anyOf" -> anyOf(at, wanted, value);
            case "enum" -> require(at, contains(wanted, value), "is none of " + wanted);
            case "type" -> require(at, isA(wanted.asText(), value), "is no " + wanted.asText());
            case "pattern" -> require(at, value.asText().matches(wanted.asText()), "does not match " + wanted);
            case "minimum" -> require(at, value.asLong() >= wanted.asLong(), "is less than " + wanted);
            case "required" ->
                wanted.forEach(key -> require(at, value.has(key.asText()), "lacks \"" + key.asText() + "\""));
            case "properties" ->
                value.properties().forEach(field -> property(at, wanted, field.getKey(), field.getValue()));
            case "additionalProperties" ->
                value.fieldNames()
                        .forEachRemaining(key -> require(
                                at,
                                schema.path("properties").has(key),
                                "has \"" + key + "\", which is not in the contract"));
            case "items" -> {
                for (int i = 0; i < value.size(); i++) {
                    value(at + "[" + i + "]", wanted, value.get(i));
                }
            }
            default -> problems.add("the schema uses \"" + keyword + "\", which this check does not know");
        }
    }

    private void property(String at, JsonNode properties, String key, JsonNode value) {
        if (properties.has(key)) {
            value(at + "." + key, properties.get(key), value);
        }
    }

    private void anyOf(String at, JsonNode choices, JsonNode value) {
        List<String> all = new ArrayList<>();
        for (JsonNode choice : choices) {
            SchemaCheck check = new SchemaCheck(root);
            check.value(at, choice, value);
            if (check.problems.isEmpty()) {
                return;
            }
            all.addAll(check.problems);
        }
        problems.addAll(all);
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isA(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> false;
        };
    }

    private void require(String at, boolean holds, String otherwise) {
        if (!holds) {
            problems.add(at + " " + otherwise);
        }
    }
}
