package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What verbs print with {@code -o json} and {@code -o yaml}: one document, true to its schema. */
class DocumentsTest {

    private static final Path RUNBOOK = Path.of("..", "runbooks", "kubeadm-minor.yaml");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"json", "yaml"})
    void lint(String format) throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "apiVersion: belay.dev/v1\nkind: Runbook\n");

        JsonNode none = document(typed(format, "lint", RUNBOOK.toString()).succeeds(), format, "lint");
        JsonNode some = document(typed(format, "lint", bad.toString()).endsWith(2), format, "lint");

        assertThat(none.get("problems")).isEmpty();
        assertThat(some.get("problems"))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.get("file").asText()).isEqualTo(bad.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "yaml"})
    void aRehearsalToItsEnd(String format) {
        Typed rehearsed = typed(format, "rehearse", RUNBOOK.toString(), "--small", "--to", "v1.34.4");

        JsonNode run = document(rehearsed.succeeds(), format, "run");
        assertThat(run.get("status").asText()).isEqualTo("COMPLETED");
        assertThat(run.get("nodes"))
                .isNotEmpty()
                .allSatisfy(node -> assertThat(node.get("version").asText()).isEqualTo("v1.34.4"));
    }

    @Test
    void maintenanceChangesNoVersion() {
        Path certificates = Path.of("..", "runbooks", "certificates.yaml");

        Typed rehearsed = typed(
                "json", "rehearse", certificates.toString(), "--small", "--from", "v1.33.13", "--set", "from=cp1");

        JsonNode run = document(rehearsed.succeeds(), "json", "run");
        assertThat(run.get("status").asText()).isEqualTo("COMPLETED");
        assertThat(run.get("from")).isEqualTo(run.get("to"));
        assertThat(run.get("nodes"))
                .allSatisfy(node -> assertThat(node.get("version").asText()).isEqualTo("v1.33.13"));
        assertThat(run.get("steps"))
                .noneSatisfy(step -> assertThat(step.get("state").asText()).isEqualTo("PENDING"));
        assertThat(run.get("rungs"))
                .filteredOn(rung -> rung.get("name").asText().equals("hold"))
                .singleElement()
                .satisfies(rung -> assertThat(rung.get("open").asBoolean()).isFalse());
    }

    @Test
    void aPlanThatIsBlockedIsADocumentToo() {
        Typed planned =
                typed("json", "rehearse", RUNBOOK.toString(), "--small", "--from", "v1.34.4", "--to", "v1.33.13");

        JsonNode plan = document(planned.endsWith(2), "json", "run");
        assertThat(plan.get("status").asText()).isEqualTo("PLANNED");
        assertThat(plan.get("run").isNull()).isTrue();
        assertThat(plan.get("blockers")).isNotEmpty();
    }

    @Test
    void aRehearsalThatParks() {
        Typed rehearsed = typed(
                "json",
                "rehearse",
                RUNBOOK.toString(),
                "--small",
                "--to",
                "v1.34.4",
                "--fault",
                "drain=drain-blocked@w1",
                "--on-park",
                "exit");

        JsonNode run = document(rehearsed.endsWith(5), "json", "run");
        assertThat(run.get("parked").get("step").asText()).isEqualTo("drain");
    }

    @Test
    void aRehearsalWithItsWaysBack() {
        Typed rehearsed = typed(
                "json",
                "rehearse",
                RUNBOOK.toString(),
                "--small",
                "--from",
                "v1.32.13",
                "--to",
                "v1.34.4",
                "--with-rollback");

        JsonNode report = document(rehearsed.succeeds(), "json", "roundtrips");
        assertThat(report.get("passed").asBoolean()).isTrue();
        assertThat(report.get("trips"))
                .extracting(trip -> trip.get("hop").asText().substring(0, 5))
                .contains("v1.33", "v1.34");
        assertThat(report.get("trips"))
                .allSatisfy(trip -> assertThat(trip.get("mustNot")).isEmpty())
                .anySatisfy(trip -> {
                    assertThat(trip.get("rung").asText()).isEqualTo("restore");
                    assertThat(trip.get("may"))
                            .extracting(difference -> difference.get("field").asText())
                            .contains("etcd/clusterId", "etcd/revision");
                });
        assertThat(rehearsed.err()).contains("v1.34.4 workers: stands at drain=drain-blocked@w1, goes back by restore");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "yaml"})
    void aRehearsalThatIsStoppedBeforeItStarts(String format) {
        Typed rehearsed =
                typed(format, "rehearse", RUNBOOK.toString(), "--small", "--from", "v1.33.13", "--to", "v1.33.1");

        assertThat(document(rehearsed.endsWith(2), format, "run").get("blockers"))
                .isNotEmpty();
    }

    private Typed typed(String format, String... arguments) {
        List<String> line = new ArrayList<>(Arrays.asList(arguments));
        line.addAll(List.of("-o", format));
        return Typed.in(Map.of("XDG_STATE_HOME", folder.toString()), line.toArray(String[]::new));
    }

    private static JsonNode document(Typed typed, String format, String schema) {
        return format.equals("json") ? typed.json(schema) : typed.yaml(schema);
    }
}
