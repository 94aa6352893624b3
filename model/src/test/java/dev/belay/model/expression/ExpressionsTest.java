package dev.belay.model.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall.NodeCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {

    private static final Scope SCOPE = Scope.builder()
            .inputs(Map.of("count", 3L, "force", true, "soak", "5m", "text", "a'b\"; rm -rf /\n"))
            .hop(new Hop(1, KubernetesVersion.parse("v1.33.13"), KubernetesVersion.parse("v1.34.4"), false, true, true))
            .cluster("lab")
            .node(new NodeCall(
                    new NodeName("cp1"), "controlPlane", KubernetesVersion.parse("v1.33.13"), "a", 0, true, false))
            .outputs(Map.of(
                    "snapshot",
                    Map.of("file", "/s/1", "bytes", 2_000_000_000_000L, "members", List.of("cp1", "cp2"), "small", 7),
                    "my-id",
                    Map.of("ok", true)))
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hop.last | true",
                "!node.first | false",
                "inputs.count > 2 && inputs.force | true",
                "inputs.count + 1 == 4 | true",
                "hop.minor == '1.34' | true",
                "hop.index == 1 | true",
                "node.name in steps.snapshot.members | true",
                "size(steps.snapshot.members) == 2 | true",
                "steps.snapshot.bytes > 1000000000000 | true",
                "steps.snapshot.small == 7 | true",
                "steps.`my-id`.ok | true",
                "cluster.name.startsWith('la') | true",
                "hop.raisesEtcdMinor ? node.zone == 'b' : true | false",
                "has(steps.snapshot.file) | true",
                "has(steps.skipped.file) | false",
                "has(steps.skipped.file) && steps.skipped.file == 'x' | false",
                "string(inputs.count) == '3' | true"
            })
    void answersConditions(String when, boolean expected) {
        assertThat(Expressions.holds(when, SCOPE)).isEqualTo(expected);
    }

    @Test
    void keepsTheTypeOfTextThatIsWhollyOneReference() {
        Map<String, Object> resolved = Expressions.resolve(
                Map.of(
                        "number", "${{ inputs.count }}",
                        "flag", "${{inputs.force}}",
                        "list", "${{ steps.snapshot.members }}",
                        "sum", "${{ inputs.count * 2 }}"),
                SCOPE);

        assertThat(resolved)
                .containsEntry("number", 3L)
                .containsEntry("flag", true)
                .containsEntry("list", List.of("cp1", "cp2"))
                .containsEntry("sum", 6L);
    }

    @Test
    void interpolatesTheRestAsText() {
        Map<String, Object> resolved = Expressions.resolve(
                Map.of(
                        "name",
                        "snap-${{ hop.to }}-${{ inputs.count }}.db",
                        "brace",
                        "${{ '}}' }}x",
                        "plain",
                        "$5 {{ }}"),
                SCOPE);

        assertThat(resolved)
                .containsEntry("name", "snap-v1.34.4-3.db")
                .containsEntry("brace", "}}x")
                .containsEntry("plain", "$5 {{ }}");
    }

    @Test
    void resolvesInsideListsAndObjectsAndLeavesLiteralsAlone() {
        Map<String, Object> resolved = Expressions.resolve(
                Map.of("list", List.of("kubeadm", "${{ node.name }}", 5), "deep", Map.of("a", "${{ hop.first }}")),
                SCOPE);

        assertThat(resolved)
                .containsEntry("list", List.of("kubeadm", "cp1", 5))
                .containsEntry("deep", Map.of("a", false));
    }

    @Test
    void givesHostileTextBackUnchangedAndNeverReadsItAsAnExpression() {
        assertThat(Expressions.resolve(Map.of("a", "${{ inputs.text }}", "b", "${{ inputs.text }}!"), SCOPE))
                .containsEntry("a", "a'b\"; rm -rf /\n")
                .containsEntry("b", "a'b\"; rm -rf /\n!");
    }

    @Test
    void readsDurationsAndReferencesToThem() {
        assertThat(Expressions.duration("90s", SCOPE)).isEqualTo(Duration.ofSeconds(90));
        assertThat(Expressions.duration("${{ inputs.soak }}", SCOPE)).isEqualTo(Duration.ofMinutes(5));
        assertThatThrownBy(() -> Expressions.duration("${{ hop.to }}", SCOPE))
                .isInstanceOf(ExpressionFailure.class)
                .hasMessageContaining("v1.34.4")
                .hasMessageContaining("not a duration");
        assertThatThrownBy(() -> Expressions.duration("${{ inputs.count }}", SCOPE))
                .isInstanceOf(ExpressionFailure.class);
    }

    @Test
    void namesTheExpressionAndTheOutputOfASkippedStep() {
        assertThatThrownBy(() -> Expressions.resolve(Map.of("file", "${{ steps.skipped.file }}"), SCOPE))
                .isInstanceOf(ExpressionFailure.class)
                .hasMessage(
                        "\"steps.skipped.file\" has no value, since steps.skipped.file is not there: was the step skipped?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1 +",
                "hop.first hop.last",
                "'unclosed",
                "inputs.count / 0 == 1",
                "1",
                "nothing.known",
                "[1, 2].all(x, x > 0)",
                "[1].exists(x, x == 1)",
                "hop.to.matches('(a+)+$')",
                "timestamp('2026-01-01T00:00:00Z') == timestamp('2026-01-01T00:00:00Z')",
                "b'x' == b'x'.z",
                "steps.snapshot",
                "inputs.text < 'b'",
                "google.protobuf.Timestamp{seconds: 1} == null"
            })
    void failsInWordsOnEverythingElse(String when) {
        assertThatThrownBy(() -> Expressions.holds(when, SCOPE))
                .isInstanceOf(ExpressionFailure.class)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void refusesWhatIsTooLongOrTooDeep() {
        String deep = "(".repeat(400) + "true" + ")".repeat(400);
        String hostile = "[".repeat(450) + "]".repeat(450);
        String wide = "true" + " && true".repeat(120);

        assertThatThrownBy(() -> Expressions.holds(deep, SCOPE)).isInstanceOf(ExpressionFailure.class);
        assertThatThrownBy(() -> Expressions.holds(hostile, SCOPE)).isInstanceOf(ExpressionFailure.class);
        assertThatThrownBy(() -> Expressions.holds("true" + " && true".repeat(1_000), SCOPE))
                .isInstanceOf(ExpressionFailure.class)
                .message()
                .hasSizeLessThan(400);
        assertThat(Expressions.holds(wide, SCOPE)).isTrue();
    }

    @Test
    void givesEachScopeItsOwnAnswerToTheSameExpression() {
        Scope other = Scope.builder().inputs(Map.of("count", 1L)).build();

        assertThat(Expressions.holds("inputs.count > 2", SCOPE)).isTrue();
        assertThat(Expressions.holds("inputs.count > 2", other)).isFalse();
        assertThat(Expressions.holds("inputs.count > 2", SCOPE)).isTrue();
    }

    @Test
    void answersTheSameFromManyThreads() {
        long right = IntStream.range(0, 4_000)
                .parallel()
                .filter(i -> Expressions.holds(
                        "inputs.n == " + i % 700,
                        Scope.builder().inputs(Map.of("n", i % 700)).build()))
                .count();

        assertThat(right).isEqualTo(4_000);
    }
}
