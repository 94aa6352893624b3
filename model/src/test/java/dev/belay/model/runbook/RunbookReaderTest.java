package dev.belay.model.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file of {@code runbooks/invalid} has the problems it must give beside it: {@code line:column rule: message}. */
class RunbookReaderTest {

    private static final Path FIXTURES = Path.of("src/test/resources/runbooks");
    private static final Path SHIPPED = Path.of("../runbooks/kubeadm-minor.yaml");

    static Stream<Path> valid() throws IOException {
        return yaml("valid");
    }

    static Stream<Path> invalid() throws IOException {
        return yaml("invalid");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void readsWhatIsRight(Path file) throws IOException {
        assertThat(read(file).name()).isEqualTo(name(file));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void reportsEverythingThatIsWrongWithItsPlace(Path file) throws IOException {
        List<String> expected = Files.readAllLines(file.resolveSibling(name(file) + ".problems"));

        assertThat(problems(file)).containsExactlyElementsOf(expected);
    }

    @Test
    void readsTheShippedRunbook() throws IOException {
        Runbook runbook = read(SHIPPED);

        assertThat(runbook.name()).isEqualTo("kubeadm-minor");
        assertThat(runbook.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(runbook.attempts()).isEqualTo(3);
        assertThat(runbook.prep()).first().isInstanceOf(TypedStep.class);
        assertThat(runbook.workers()).singleElement().isInstanceOfSatisfying(GroupStep.class, pool -> {
            assertThat(pool.forEach().batch()).isEqualTo(new Batch(1, "10%", 20, true));
            assertThat(pool.steps()).hasSizeGreaterThan(5);
        });
    }

    @Test
    void keepsEveryKeyThatWasWritten() throws IOException {
        Runbook runbook = read(FIXTURES.resolve("valid/everything.yaml"));

        assertThat(runbook.version()).isEqualTo("2.10.3-rc.1");
        assertThat(runbook.onFailure()).isEqualTo(OnFailure.CONTINUE);
        assertThat(runbook.inputs())
                .containsEntry("soak", new InputSpec(ValueType.DURATION, "5m", "rest"))
                .containsEntry("packages", new InputSpec(ValueType.STRINGS, "kubeadm,kubelet", ""))
                .containsEntry("ticket", new InputSpec(ValueType.STRING, null, ""));
        assertThat(runbook.prep().get(0))
                .isEqualTo(new TypedStep(
                        "access", List.of(), "true", "check.access", Map.of(), null, null, OnFailure.CONTINUE));
        assertThat(runbook.prep().get(1))
                .isEqualTo(new TypedStep(
                        "etcd",
                        List.of("access"),
                        null,
                        "check.etcd",
                        Map.of(),
                        Duration.ofSeconds(90),
                        7,
                        OnFailure.PARK));
        assertThat(runbook.prep().get(4))
                .isEqualTo(new ApprovalStep(
                        "go",
                        List.of("drill"),
                        "hop.first || hop.raisesEtcdMinor",
                        "Go on?",
                        2,
                        true,
                        Duration.ofHours(12)));
        assertThat(((GroupStep) runbook.controlPlane().get(1)).forEach())
                .isEqualTo(new ForEach(NodeSet.CONTROL_PLANE, 1, 1, 3, null, new Batch(0, "1", 1, false)));
        GroupStep last = (GroupStep) runbook.controlPlane().get(2);
        assertThat(last.forEach()).isEqualTo(new ForEach(NodeSet.ALL, 0, 0, null, 1, Batch.ONE));
        assertThat(((TypedStep) last.steps().get(0)).with())
                .containsEntry("timeout", "15m")
                .containsEntry("grace", 30)
                .containsEntry("force", true);
        assertThat(runbook.verify()).containsExactly(new SoakStep("quiet", List.of(), null, "${{ inputs.soak }}"));
    }

    @Test
    void aPhaseMaySayWhatFollowsAFailureOfItsSteps() {
        String text = """
                apiVersion: belay.dev/v1
                kind: Runbook
                metadata: {name: back, version: 1.0.0, purpose: maintenance}
                phases:
                  prep: [{id: a, uses: check.access}]
                  verify:
                    onFailure: rollback
                    steps:
                      - {id: b, uses: check.access}
                      - {id: c, uses: check.access, onFailure: continue}
                """;

        Runbook runbook = RunbookReader.read("back.yaml", text.getBytes(StandardCharsets.UTF_8), TestSignatures.all());

        assertThat(runbook.purpose()).isEqualTo(Purpose.MAINTENANCE);
        assertThat(Stream.concat(runbook.prep().stream(), runbook.verify().stream()))
                .extracting(step -> ((TypedStep) step).onFailure())
                .containsExactly(OnFailure.PARK, OnFailure.ROLLBACK, OnFailure.CONTINUE);
    }

    @Test
    void namesTheFileInEveryProblem() {
        assertThatThrownBy(() -> RunbookReader.read("a/b.yaml", new byte[0], Map.of()))
                .isInstanceOf(InvalidDocument.class)
                .hasMessage("a/b.yaml:0:0: the file is empty [empty]");
    }

    @Test
    void refusesMoreStepsThanARunCanHold() {
        StringBuilder text = new StringBuilder(
                "apiVersion: belay.dev/v1\nkind: Runbook\nmetadata: {name: many, version: 1.0.0}\nphases:\n  prep:\n");
        for (int i = 0; i <= 2_000; i++) {
            text.append("    - {id: s%d, uses: check.access, needs: [s%d]}%n".formatted(i, (i + 1) % 2_001));
        }

        assertThat(problems(text.toString().getBytes(StandardCharsets.UTF_8)))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("too-many-steps"))
                .anyMatch(problem -> problem.contains("cycle"));
    }

    static Runbook read(Path file) throws IOException {
        return RunbookReader.read(file.toString(), Files.readAllBytes(file), TestSignatures.all());
    }

    private static List<String> problems(Path file) throws IOException {
        return problems(Files.readAllBytes(file));
    }

    private static List<String> problems(byte[] content) {
        InvalidDocument found = catchThrowableOfType(
                InvalidDocument.class, () -> RunbookReader.read("f", content, TestSignatures.all()));
        return found.problems().stream()
                .map(problem ->
                        problem.line() + ":" + problem.column() + " " + problem.rule() + ": " + problem.message())
                .toList();
    }

    private static Stream<Path> yaml(String folder) throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES.resolve(folder))) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(found).isNotEmpty();
            return found.stream();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }
}
