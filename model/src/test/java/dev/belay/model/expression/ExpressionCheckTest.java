package dev.belay.model.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.runbook.ValueType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionCheckTest {

    private static final Names OUTSIDE = Names.of(Map.of(
                    "count", ValueType.INTEGER,
                    "soak", ValueType.DURATION,
                    "force", ValueType.BOOLEAN,
                    "names", ValueType.STRINGS,
                    "label", ValueType.STRING))
            .withSteps(
                    Map.of("snapshot", Map.of("file", ValueType.STRING, "bytes", ValueType.INTEGER), "go", Map.of()),
                    List.of("snapshot", "go", "later"));
    private static final ExpressionCheck CHECK = new ExpressionCheck(OUTSIDE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hop.first",
                "!(hop.last && inputs.force)",
                "inputs.count > 3",
                "steps.snapshot.bytes >= 100",
                "has(steps.snapshot.file)",
                "inputs.label in inputs.names",
                "hop.to == 'v1.34.4'",
                "hop.minor == \"1.34\" || cluster.name.startsWith('lab')",
                "true"
            })
    void acceptsConditionsOverWhatIsUpstream(String when) {
        assertThat(CHECK.condition(when)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hop.frist | unknown-reference | 0 | \"hop\" has no \"frist\"; did you mean \"first\"?",
                "true && inputs.cuont > 3 | unknown-reference | 8 | did you mean \"count\"?",
                "input.count > 3 | unknown-reference | 0 | did you mean \"inputs\"?",
                "node.first | unknown-reference | 0 | only known inside a group",
                "steps.later.file == '' | not-upstream | 0 | \"later\" is not upstream",
                "steps.snapshto.file == '' | unknown-reference | 0 | did you mean \"snapshot\"?",
                "steps.snapshot.fiel == '' | unknown-reference | 0 | did you mean \"file\"?",
                "steps.snapshot == '' | unknown-reference | 0 | not a value by itself",
                "steps['snapshot'].file == '' | unknown-reference | 0 | write steps.<id>.<output>",
                "steps.go.answer | unknown-reference | 0 | steps.go has none",
                "hop.first.really | unknown-reference | 0 | has no fields",
                "hop | unknown-reference | 0 | not a value by itself",
                "inputs.count | expression-type | 0 | is a whole number, but a condition is true or false",
                "hop.to | expression-type | 0 | is a text, but a condition is true or false",
                "inputs.names | expression-type | 0 | is a list",
                "inputs.count == 'three' | expression-type | 13 | no matching overload",
                "hop.from < 'v1.34.0' | expression-type | 9 | no matching overload",
                "inputs.names.all(n, n == 'x') | unknown-function | 13 | there is no function \"all\"",
                "hop.to.matches('x') | unknown-function | 7 | expressions may use has, size",
                "'${{ hop.first }}' | expression-syntax | 0 | without ${{ }}",
                "1 + | expression-syntax | 3 | ends too early",
                "'' | expression-syntax | 0 | ends too early"
            })
    void findsWhatIsWrongWithACondition(String when, String rule, int offset, String words) {
        assertThat(CHECK.condition(when)).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains(words).doesNotContain("\n");
            assertThat(problem.rule()).isEqualTo(rule);
            assertThat(problem.offset()).isEqualTo(offset);
        });
    }

    @Test
    void findsEveryUnknownNameOfAnExpression() {
        assertThat(CHECK.condition("hop.a && inputs.b && steps.later.c"))
                .extracting(ExpressionProblem::offset)
                .containsExactly(0, 9, 21);
    }

    @Test
    void knowsTheNodeInsideAGroup() {
        ExpressionCheck inside = new ExpressionCheck(OUTSIDE.withNode());

        assertThat(inside.condition("node.first && node.index == 0 && node.zone != 'a'"))
                .isEmpty();
        assertThat(inside.condition("node.fist")).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("did you mean \"first\"?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${{ inputs.soak }} | DURATION",
                "${{ inputs.soak }} | STRING",
                "${{ hop.to }} | KUBERNETES_VERSION",
                "${{ inputs.count + 1 }} | INTEGER",
                "${{ inputs.names }} | STRINGS",
                "${{ hop.first ? '5m' : inputs.soak }} | DURATION",
                "a ${{ inputs.count }} ${{ hop.first }} | STRING",
                "no reference | STRING"
            })
    void acceptsReferencesOfTheWantedType(String text, ValueType wanted) {
        assertThat(CHECK.text(text, wanted)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${{ inputs.label }} | DURATION | expression-type | 4 | is of type string, but duration is wanted",
                "${{ inputs.soak }} | KUBERNETES_VERSION | expression-type | 4 | is of type duration",
                "${{ inputs.count }} | STRING | expression-type | 4 | is of type integer, but string is wanted",
                "${{ inputs.count > 1 }} | INTEGER | expression-type | 4 | is of type true or false",
                "ab ${{ inputs.names }} | STRING | expression-type | 7 | cannot stand inside text",
                "ab ${{ hop.nix }} | STRING | unknown-reference | 7 | has no \"nix\"",
                "ab ${{ hop.first | STRING | expression-syntax | 3 | never closed",
                "${{ }} | STRING | expression-syntax | 4 | ends too early"
            })
    void findsWhatIsWrongWithAReference(String text, ValueType wanted, String rule, int offset, String words) {
        assertThat(CHECK.text(text, wanted)).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains(words);
            assertThat(problem.rule()).isEqualTo(rule);
            assertThat(problem.offset()).isEqualTo(offset);
        });
    }
}
