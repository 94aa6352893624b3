package dev.belay.model.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.model.document.YamlScalar.Kind;
import dev.belay.model.runbook.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTextTest {

    @Test
    void knowsLineAndColumnOfEveryKeyAndValue() {
        YamlMap root = (YamlMap) read("""
                # a comment
                first: 1
                list:
                  - a
                  - {b: 'two words', c: "q"}
                """);

        YamlMap.Entry list = root.find("list").orElseThrow();
        YamlList elements = (YamlList) list.value();
        YamlMap flow = (YamlMap) elements.elements().get(1);
        assertThat(root.at()).isEqualTo(new Position(2, 1));
        assertThat(root.find("first").orElseThrow().value().at()).isEqualTo(new Position(2, 8));
        assertThat(list.key().at()).isEqualTo(new Position(3, 1));
        assertThat(elements.elements().get(0).at()).isEqualTo(new Position(4, 5));
        assertThat(flow.at()).isEqualTo(new Position(5, 5));
        assertThat(flow.find("c").orElseThrow().key().at()).isEqualTo(new Position(5, 22));
    }

    @Test
    void knowsThePlaceOfACharacterInsideText() {
        YamlMap root = (YamlMap) read("a: plain text\nb: 'quoted text'\nc: 'it''s'\nd: |\n  block\n");

        assertThat(scalar(root, "a").at(6)).isEqualTo(new Position(1, 10));
        assertThat(scalar(root, "b").at(7)).isEqualTo(new Position(2, 12));
        assertThat(scalar(root, "c").at(3)).isEqualTo(new Position(3, 4));
        assertThat(scalar(root, "d").at(3)).isEqualTo(new Position(4, 4));
    }

    @Test
    void countsColumnsInCharactersAndNotInBytes() {
        YamlMap root = (YamlMap) read("{grüße: 1, 😀: 2, z: 3}");

        assertThat(root.find("z").orElseThrow().key().at()).isEqualTo(new Position(1, 18));
    }

    @ParameterizedTest
    @CsvSource({
        "text,TEXT", "'''1''',TEXT", "'\"true\"',TEXT", "1,INTEGER", "-12,INTEGER", "012,TEXT", "0x1f,TEXT",
                "1_000,TEXT", "+5,TEXT",
        "yes,TEXT", "True,TEXT", "true,BOOLEAN", "1.30,FRACTION", "1e3,TEXT", ".inf,TEXT", "~,NOTHING", "null,NOTHING",
                "5m,TEXT",
        "99999999999999999999,TEXT", "1:30,TEXT", "2026-01-01,TEXT"
    })
    void takesOnlyWhatJsonHasForNumbersAndBooleans(String text, Kind kind) {
        assertThat(scalar((YamlMap) read("a: " + text), "a").kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: &x 1 | 1 | 4 | anchor",
                "&x a: 1 | 1 | 1 | anchor",
                "a: *x | 1 | 4 | alias",
                "a: !!int 3 | 1 | 4 | tag",
                "a: !<tag:x> 3 | 1 | 4 | tag",
                "a: ! 3 | 1 | 4 | tag",
                "<<: {b: 1} | 1 | 1 | merge-key",
                "{a: 1, b: 2, a: 3} | 1 | 14 | duplicate-key",
                "a: b: c | 1 | 5 | yaml",
                "a: 'x | 1 | 6 | yaml",
                "? [x] | 1 | 4 | yaml",
                "a: [1, | 1 | 7 | yaml",
                "'' | 0 | 0 | empty"
            })
    void refusesWithThePlace(String text, int line, int column, String rule) {
        assertThat(problems(text)).singleElement().satisfies(problem -> {
            assertThat(problem.rule()).isEqualTo(rule);
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.column()).isEqualTo(column);
        });
    }

    @Test
    void doesNotFollowABillionLaughs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }

        List<Problem> problems = problems(bomb.toString());

        assertThat(problems)
                .as("the first of each")
                .extracting(Problem::rule, Problem::line)
                .containsExactly(tuple("anchor", 1), tuple("alias", 2));
    }

    @Test
    void findsSeveralProblemsInOneReading() {
        assertThat(problems("a: &x 1\nb: *x\na: 2\n<<: *x\n"))
                .extracting(Problem::rule)
                .containsExactly("anchor", "alias", "duplicate-key", "merge-key");
    }

    @Test
    void refusesASecondDocument() {
        assertThat(problems("---\na: 1\n---\nb: 1\n")).singleElement().satisfies(problem -> {
            assertThat(problem.rule()).isEqualTo("more-documents");
            assertThat(problem.line()).isEqualTo(4);
        });
    }

    @Test
    void stopsWhereNestingDoes() {
        assertThat(problems("[".repeat(100_000))).extracting(Problem::rule).containsExactly("too-deep");
        assertThat(problems("- ".repeat(100_000))).extracting(Problem::rule).containsExactly("too-deep");
        assertThat(problems("{a: ".repeat(1_000))).extracting(Problem::rule).containsExactly("too-deep");
    }

    @Test
    void doesNotReadFiftyMegabytes() {
        byte[] large = new byte[50_000_000];
        Problems problems = new Problems("f");

        assertThat(YamlText.parse(large, problems)).isEmpty();
        assertThat(problems.sorted()).extracting(Problem::rule).containsExactly("too-large");
    }

    @Test
    void saysWhereBytesAreNotUtf8() {
        assertThat(problems(new byte[] {'a', ':', ' ', '1', '\n', 'b', (byte) 0xC3, '('}))
                .containsExactly(new Problem("f", 2, 2, "not-utf8", "this is not UTF-8 text"));
        assertThat(problems(new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0}))
                .extracting(Problem::rule)
                .containsExactly("not-utf8");
        assertThat(problems(new byte[] {'a', (byte) 0xC3}))
                .extracting(Problem::column)
                .containsExactly(2);
    }

    @Test
    void refusesControlCharactersAndReadsAByteOrderMark() {
        assertThat(problems("a: 1\nb: x\u001b[2Jy\n"))
                .containsExactly(new Problem("f", 2, 5, "unprintable", "the character U+001B may not stand in a file"));
        assertThat(problems("a: 1\rb: 2")).extracting(Problem::rule).containsExactly("unprintable");
        assertThat(problems("\uFEFFa: 1\r\nb: 2\r\n")).isEmpty();
    }

    private static YamlScalar scalar(YamlMap map, String key) {
        return (YamlScalar) map.find(key).orElseThrow().value();
    }

    private static Yaml read(String text) {
        Problems problems = new Problems("f");
        Optional<Yaml> root = YamlText.parse(text.getBytes(StandardCharsets.UTF_8), problems);
        problems.throwIfAny();
        return root.orElseThrow();
    }

    private static List<Problem> problems(String text) {
        return problems(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Problem> problems(byte[] content) {
        Problems problems = new Problems("f");
        YamlText.parse(content, problems);
        return problems.sorted();
    }
}
