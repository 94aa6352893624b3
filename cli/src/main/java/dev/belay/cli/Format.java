package dev.belay.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.belay.model.plan.Json;

/** How a verb prints: for people, or one document and nothing else. */
enum Format {
    TEXT,
    JSON,
    YAML;

    private static final ObjectMapper WHOLE = Json.mapper()
            .copy()
            .setDefaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS));
    private static final ObjectMapper PLAIN_YAML =
            new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

    /** The document, ending with a newline; fields without a value are written as null. */
    String write(Object document) {
        try {
            String text = printer().writeValueAsString(WHOLE.valueToTree(document));
            return text.endsWith("\n") ? text : text + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "no document for " + document.getClass().getSimpleName(), e);
        }
    }

    private ObjectWriter printer() {
        return (this == YAML ? PLAIN_YAML : WHOLE).writerWithDefaultPrettyPrinter();
    }

    /** As picocli reads it from {@code -o}. */
    static Format read(String text) {
        return switch (text) {
            case "text" -> TEXT;
            case "json" -> JSON;
            case "yaml" -> YAML;
            default -> throw new IllegalArgumentException("\"" + text + "\" is not one of text, json, yaml");
        };
    }
}
