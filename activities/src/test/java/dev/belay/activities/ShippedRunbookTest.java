package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.model.runbook.RunbookSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The runbook that is shipped, and the JSON Schema beside it that editors read. The schema is generated: after a step type has changed,
 * write it again with {@code ./mvnw -pl activities -am test -Dtest=ShippedRunbookTest -Dbelay.schema=write
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ShippedRunbookTest {

    private static final Path RUNBOOKS = Path.of("..", "runbooks");
    private static final Path SCHEMA = RUNBOOKS.resolve("runbook.schema.json");
    private static final Path SHIPPED = RUNBOOKS.resolve("kubeadm-minor.yaml");

    @ParameterizedTest
    @ValueSource(strings = {"kubeadm-minor", "certificates", "etcd-space", "etcd-member"})
    void usesOnlyStepTypesAndInputsThatThereAre(String name) throws IOException {
        Path file = RUNBOOKS.resolve(name + ".yaml");

        assertThat(RunbookReader.read(
                                file.toString(),
                                Files.readAllBytes(file),
                                StepCatalogue.shipped().signatures())
                        .name())
                .isEqualTo(name);
    }

    @Test
    void theSchemaBesideItIsTheGeneratedOne() throws IOException {
        String generated = new ObjectMapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(generated())
                        .replace("\r\n", "\n")
                + "\n";
        if ("write".equals(System.getProperty("belay.schema"))) {
            Files.writeString(SCHEMA, generated);
        }

        assertThat(SCHEMA)
                .as("a step type or the language has changed; write the schema again with -Dbelay.schema=write")
                .hasContent(generated);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubeadm-minor", "certificates", "etcd-space", "etcd-member"})
    void isValidAgainstTheSchemaAndNamesIt(String name) throws IOException {
        String text = Files.readString(RUNBOOKS.resolve(name + ".yaml"));

        assertThat(schema().validate(yaml(text))).isEmpty();
        assertThat(text.lines().findFirst()).hasValue("# yaml-language-server: $schema=runbook.schema.json");
    }

    @ParameterizedTest
    @CsvSource({
        "'uses: check.access', 'uses: check.acess'",
        "'uses: check.access', 'uses: check.access, with: {colour: red}'",
        "'attempts: 3', 'attempts: three'",
        "'needs: [lock]', 'need: [lock]'",
        "'canary: 1', 'canary: -1'"
    })
    void theSchemaRefusesWhatTheReaderRefuses(String right, String wrong) throws IOException {
        String text = Files.readString(SHIPPED).replaceFirst(java.util.regex.Pattern.quote(right), wrong);

        assertThat(schema().validate(yaml(text))).isNotEmpty();
    }

    private static JsonNode generated() {
        return RunbookSchema.generate(StepCatalogue.shipped().signatures());
    }

    private static JsonSchema schema() {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(generated());
    }

    private static JsonNode yaml(String text) throws IOException {
        return new YAMLMapper().readTree(text);
    }
}
