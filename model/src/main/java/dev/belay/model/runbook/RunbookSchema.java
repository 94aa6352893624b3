package dev.belay.model.runbook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON Schema (draft 2020-12) of runbooks, for editors: made from the reader's own table and the step types' signatures. It says less
 * than the reader, which also knows the graph and the expressions.
 */
public final class RunbookSchema {

    private static final String ONE_REFERENCE = "^\\s*\\$\\{\\{.*\\}\\}\\s*$";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private RunbookSchema() {}

    /** The schema over these step types; the same for the same types, in whatever order they come. */
    public static JsonNode generate(Map<String, StepSignature> signatures) {
        Map<String, StepSignature> sorted = new TreeMap<>(signatures);
        ObjectNode schema = NODES.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Belay runbook");
        schema.setAll(RunbookShapes.RUNBOOK.schema());
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("inputs", inputs());
        definitions.set("value", anyOf(type("string"), type("integer"), type("boolean"), texts()));
        definitions.set("condition", anyOf(type("string").put("minLength", 1), type("boolean")));
        definitions.set("time", time());
        definitions.set("size", size());
        definitions.set("with", type("object"));
        definitions.set("uses", type("string"));
        definitions.set("phase", anyOf(steps("hopStep"), RunbookShapes.PHASE.schema()));
        definitions.set("hopSteps", steps("hopStep"));
        definitions.set("nodeSteps", steps("nodeStep"));
        definitions.set("hopStep", hopStep(sorted));
        definitions.set("nodeStep", nodeStep(sorted));
        return schema;
    }

    private static ObjectNode hopStep(Map<String, StepSignature> signatures) {
        return oneOf(
                typed(signatures.values().stream()
                        .filter(type -> !type.perNode())
                        .toList()),
                RunbookShapes.GROUP.schema(),
                RunbookShapes.APPROVAL.schema(),
                RunbookShapes.SOAK.schema());
    }

    private static ObjectNode nodeStep(Map<String, StepSignature> signatures) {
        return oneOf(
                typed(signatures.values().stream()
                        .filter(StepSignature::perNode)
                        .toList()),
                RunbookShapes.SOAK.schema());
    }

    private static ObjectNode oneOf(ObjectNode... kinds) {
        return among("oneOf", kinds);
    }

    private static ObjectNode among(String keyword, ObjectNode... choices) {
        ObjectNode schema = NODES.objectNode();
        ArrayNode all = schema.putArray(keyword);
        List.of(choices).forEach(all::add);
        return schema;
    }

    private static ObjectNode typed(List<StepSignature> types) {
        ObjectNode schema = RunbookShapes.TYPED.schema();
        ArrayNode names = ((ObjectNode) schema.get("properties").get("uses")).putArray("enum");
        ArrayNode rules = NODES.arrayNode();
        types.forEach(type -> {
            names.add(type.uses());
            rules.add(rule(type));
        });
        if (!rules.isEmpty()) {
            schema.set("allOf", rules);
        }
        return schema;
    }

    private static ObjectNode rule(StepSignature type) {
        ObjectNode rule = NODES.objectNode();
        rule.putObject("if").putObject("properties").putObject("uses").put("const", type.uses());
        ObjectNode then = rule.putObject("then");
        then.putObject("properties").set("with", with(type));
        if (type.input().values().stream().anyMatch(StepSignature.Field::required)) {
            then.putArray("required").add("with");
        }
        return rule;
    }

    private static ObjectNode with(StepSignature type) {
        ObjectNode schema = type("object").put("additionalProperties", false).put("description", type.summary());
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = NODES.arrayNode();
        type.input().forEach((name, field) -> {
            properties.set(name, field(field));
            if (field.required()) {
                required.add(name);
            }
        });
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private static ObjectNode field(StepSignature.Field field) {
        ObjectNode schema =
                switch (field.type()) {
                    case STRING -> field.oneOf().isEmpty() ? type("string") : orReference(choice(field.oneOf()));
                    case INTEGER -> orReference(type("integer"));
                    case BOOLEAN -> orReference(type("boolean"));
                    case DURATION -> time();
                    case KUBERNETES_VERSION ->
                        orReference(type("string").put("pattern", "^v?[0-9]{1,3}\\.[0-9]{1,4}\\.[0-9]{1,5}$"));
                    case STRINGS -> orReference(texts());
                };
        return schema.put("description", field.description());
    }

    private static ObjectNode inputs() {
        ObjectNode schema = type("object").put("additionalProperties", false);
        ObjectNode names = schema.putObject("patternProperties");
        names.set("^" + RunbookShapes.INPUT_NAME.pattern() + "$", RunbookShapes.INPUT.schema());
        return schema;
    }

    private static ObjectNode size() {
        ObjectNode number = type("integer").put("minimum", 1).put("maximum", RunbookShapes.LARGEST_BATCH);
        return anyOf(number, type("string").put("pattern", "^" + RunbookShapes.SHARE.pattern() + "$"));
    }

    private static ObjectNode time() {
        return orReference(type("string").put("pattern", "^(?=.)([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$"));
    }

    private static ObjectNode orReference(ObjectNode schema) {
        return anyOf(schema, type("string").put("pattern", ONE_REFERENCE));
    }

    private static ObjectNode anyOf(ObjectNode... choices) {
        return among("anyOf", choices);
    }

    private static ObjectNode choice(List<String> values) {
        ObjectNode schema = NODES.objectNode();
        values.forEach(schema.putArray("enum")::add);
        return schema;
    }

    private static ObjectNode texts() {
        ObjectNode schema = type("array");
        schema.set("items", type("string"));
        return schema;
    }

    private static ObjectNode steps(String element) {
        ObjectNode schema = type("array");
        schema.putObject("items").put("$ref", "#/$defs/" + element);
        return schema;
    }

    private static ObjectNode type(String type) {
        return NODES.objectNode().put("type", type);
    }
}
