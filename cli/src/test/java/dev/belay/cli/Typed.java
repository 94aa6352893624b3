package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A command line as somebody typed it, and what came of it. */
record Typed(int code, String out, String err) {

    private static final Path SCHEMAS = Path.of("..", "docs", "schema");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static Typed in(Map<String, String> environment, String... arguments) {
        return reading("", environment, arguments);
    }

    /** With a text on standard input. */
    static Typed reading(String input, Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(terminal(input, out, err, environment), arguments);
        return new Typed(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Nobody can be asked, and nothing is drawn. */
    static Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err, Map<String, String> environment) {
        return terminal("", out, err, environment);
    }

    private static Terminal terminal(
            String input, ByteArrayOutputStream out, ByteArrayOutputStream err, Map<String, String> environment) {
        return new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader(input)),
                environment,
                false,
                false);
    }

    Typed succeeds() {
        return endsWith(0);
    }

    Typed endsWith(int expected) {
        assertThat(code).as("out: %s%nerr: %s", out, err).isEqualTo(expected);
        assertThat(err).doesNotContain("Exception", "\tat ", "unexpected");
        return this;
    }

    /** Standard output as the one JSON document it must be, true to its schema. */
    JsonNode json(String schema) {
        return valid(read(JSON), schema);
    }

    JsonNode yaml(String schema) {
        return valid(read(YAML), schema);
    }

    private JsonNode read(ObjectMapper mapper) {
        try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(out)) {
            var all = documents.readAll();
            assertThat(all).hasSize(1);
            return all.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("not a document: " + out, e);
        }
    }

    private static JsonNode valid(JsonNode document, String schema) {
        try {
            String text = Files.readString(SCHEMAS.resolve(schema + ".schema.json"));
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(text)
                            .validate(document))
                    .isEmpty();
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
