package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** YAML read and written by a real parser, so that no value can become structure. */
public final class Yaml {

    private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());

    private Yaml() {}

    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** Objects as a stream of documents. */
    public static String stream(List<Map<String, Object>> objects) {
        StringBuilder text = new StringBuilder();
        try {
            for (Map<String, Object> object : objects) {
                text.append(MAPPER.writeValueAsString(object));
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
