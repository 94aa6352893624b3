package dev.belay.model.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * The keys an object may have. One table serves the reader, its messages and the JSON Schema.
 *
 * @param name with its article, for messages: {@code a group}
 */
public record Shape(String name, List<Key> keys) {

    public Shape {
        keys = List.copyOf(keys);
    }

    public static Shape of(String name, Key... keys) {
        return new Shape(name, List.of(keys));
    }

    public static Key required(String name, Form form, String description) {
        return new Key(name, form, true, description);
    }

    public static Key optional(String name, Form form, String description) {
        return new Key(name, form, false, description);
    }

    public Optional<Key> key(String name) {
        return keys.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    public List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    /** As JSON Schema: closed, with descriptions. */
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        keys.forEach(key -> properties.set(key.name(), key.form().schema().put("description", key.description())));
        List<Key> required = keys.stream().filter(Key::required).toList();
        if (!required.isEmpty()) {
            ArrayNode names = schema.putArray("required");
            required.forEach(key -> names.add(key.name()));
        }
        return schema;
    }
}
