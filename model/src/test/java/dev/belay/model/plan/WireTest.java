package dev.belay.model.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.RunbookReader;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.TestSignatures;
import dev.belay.model.runbook.TypedStep;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one worker writes another must read: a run outlives the program that began it. */
class WireTest {

    private static final ObjectMapper MAPPER = Json.mapper();
    private static final Path GOLDEN = Path.of("src/test/resources/wire");

    static Stream<Class<?>> records() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.belay.model.run", "dev.belay.model.plan", "dev.belay.model.runbook")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .map(JavaClass::reflect)
                        .filter(type -> Modifier.isPublic(type.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void comesBackAsItWasSent(Class<?> type) throws IOException {
        for (boolean withNulls : new boolean[] {false, true}) {
            Object value = new Samples(withNulls).of(type);

            String json = MAPPER.writeValueAsString(value);

            assertThat(MAPPER.readValue(json, type)).as(json).isEqualTo(value);
        }
    }

    @Test
    void everyKindOfStepComesBackThroughItsInterface() throws IOException {
        JavaType steps = MAPPER.getTypeFactory().constructCollectionType(List.class, Step.class);
        List<Object> all = new Samples(false).each(Step.class);

        String json = MAPPER.writerFor(steps).writeValueAsString(all);

        assertThat(all).hasSize(4);
        List<Object> read = MAPPER.readValue(json, steps);
        assertThat(read).isEqualTo(all);
    }

    @Test
    void passesOverWhatANewerWriterAdded() throws IOException {
        String json =
                "{\"kind\":\"step\",\"id\":\"a\",\"needs\":[],\"uses\":\"u\",\"with\":{},\"onFailure\":\"park\",\"mood\":\"new\"}";

        assertThat(MAPPER.readValue(json, Step.class)).isInstanceOf(TypedStep.class);
    }

    @Test
    void aRunbookIsWrittenAsItAlwaysWas() throws IOException {
        byte[] yaml = Files.readAllBytes(Path.of("src/test/resources/runbooks/valid/everything.yaml"));
        Runbook runbook = RunbookReader.read("f", yaml, TestSignatures.all());

        assertWritten(runbook, "runbook.json");
        assertThat(CanonicalJson.digest(runbook))
                .isEqualTo("sha256:16468ff91fde33f2ab4aea3499971715413c0e0db41e5db77f5c1dffbb928901");
    }

    @Test
    void aStepCallIsWrittenAsItAlwaysWas() throws IOException {
        StepCall call = new StepCall(
                "0a1b2c3d",
                "lab",
                "sha256:plan",
                "sha256:inventory",
                new Hop(0, KubernetesVersion.parse("v1.33.13"), KubernetesVersion.parse("v1.34.4"), true, false, true),
                Phase.CONTROL_PLANE,
                new NodeCall(
                        new NodeName("cp1"), "controlPlane", KubernetesVersion.parse("v1.33.13"), "a", 0, true, false),
                "apply",
                "kubeadm.apply",
                1,
                Map.of("timeout", "${{ inputs.soak }}"),
                "node.first",
                Map.of("soak", "5m"),
                Map.of("preview", Map.of("changed", true)),
                Duration.ofMinutes(45),
                3,
                null);

        assertWritten(call, "step-call.json");
    }

    private static void assertWritten(Object value, String golden) throws IOException {
        String expected = Files.readString(GOLDEN.resolve(golden));

        assertThat(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
                .isEqualTo(expected);
        assertThat(MAPPER.readValue(expected, value.getClass())).isEqualTo(value);
    }
}
