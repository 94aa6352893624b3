package dev.belay.model.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunbookSchemaTest {

    private static final JsonNode SCHEMA = RunbookSchema.generate(TestSignatures.all());

    @Test
    void hasEveryKeyTheReaderKnowsAndNoOther() {
        JsonNode typed = SCHEMA.at("/$defs/hopStep/oneOf/0");

        assertThat(names(SCHEMA.get("properties"))).isEqualTo(RunbookShapes.RUNBOOK.names());
        assertThat(names(typed.get("properties"))).isEqualTo(RunbookShapes.TYPED.names());
        assertThat(SCHEMA.findValues("additionalProperties")).allMatch(closed -> !closed.asBoolean());
    }

    @Test
    void offersStepTypesWhereTheyMayStand() {
        assertThat(texts(SCHEMA.at("/$defs/hopStep/oneOf/0/properties/uses/enum")))
                .contains("check.access")
                .doesNotContain("node.drain");
        assertThat(texts(SCHEMA.at("/$defs/nodeStep/oneOf/0/properties/uses/enum")))
                .contains("node.drain")
                .doesNotContain("check.access");
    }

    @Test
    void describesTheInputsOfEachStepType() {
        JsonNode rule = rule("backup.drill");

        assertThat(names(rule.at("/then/properties/with/properties"))).containsExactly("snapshot", "version");
        assertThat(texts(rule.at("/then/properties/with/required"))).containsExactly("snapshot");
        assertThat(texts(rule.at("/then/required"))).containsExactly("with");
    }

    @Test
    void pointsOnlyToDefinitionsItHas() {
        List<String> references = SCHEMA.findValuesAsText("$ref");

        assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(
                        SCHEMA.at(reference.substring(1)).isObject())
                .as(reference)
                .isTrue());
    }

    @Test
    void isTheSameWhateverOrderStepTypesComeIn() {
        Map<String, StepSignature> backwards = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(TestSignatures.all().keySet());
        Collections.reverse(names);
        names.forEach(name -> backwards.put(name, TestSignatures.all().get(name)));

        assertThat(RunbookSchema.generate(backwards)).hasToString(SCHEMA.toString());
    }

    private static JsonNode rule(String uses) {
        for (JsonNode rule : SCHEMA.at("/$defs/hopStep/oneOf/0/allOf")) {
            if (rule.at("/if/properties/uses/const").asText().equals(uses)) {
                return rule;
            }
        }
        throw new AssertionError("no rule for " + uses);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
