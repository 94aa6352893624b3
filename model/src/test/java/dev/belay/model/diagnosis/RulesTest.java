package dev.belay.model.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.diagnosis.Diagnosis.Cause;
import dev.belay.model.diagnosis.Diagnosis.Harmless;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the catalogue, held to its own samples and to those of all others. */
class RulesTest {

    private static final Rules RULES = Rules.shipped();
    private static final Path FOLDER = Path.of("src/main/resources/diagnosis");

    static List<Rule> causes() {
        return RULES.causes();
    }

    static List<Rule> harmless() {
        return RULES.harmless();
    }

    @ParameterizedTest
    @MethodSource("causes")
    void aCauseIsFirstInItsSamplesAndOthersInThemFollowFromIt(Rule rule) {
        assertThat(rule.samples().positive()).isNotEmpty();
        for (String sample : rule.samples().positive()) {
            List<Cause> causes = Diagnosis.of(sample, RULES).causes();

            assertThat(causes).as(sample).isNotEmpty();
            assertThat(causes.get(0).id()).as(sample).isEqualTo(rule.id());
            assertThat(causes.subList(1, causes.size())).as(sample).allSatisfy(other -> assertThat(other.explainedBy())
                    .as(other.id())
                    .contains(rule.id()));
        }
    }

    @ParameterizedTest
    @MethodSource("causes")
    void aCauseIsNotSeenInWhatOnlyLooksLikeIt(Rule rule) {
        assertThat(rule.samples().negative()).isNotEmpty();
        for (String sample : rule.samples().negative()) {
            assertThat(Diagnosis.of(sample, RULES).causes())
                    .as(sample)
                    .extracting(Cause::id)
                    .doesNotContain(rule.id());
        }
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void whatMeansNothingIsNoCause(Rule rule) {
        for (String sample : rule.samples().positive()) {
            Diagnosis diagnosis = Diagnosis.of(sample, RULES);
            assertThat(diagnosis.causes()).as(sample).isEmpty();
            assertThat(diagnosis.harmless()).extracting(Harmless::id).containsExactly(rule.id());
        }
        for (String sample : rule.samples().negative()) {
            assertThat(Diagnosis.of(sample, RULES).harmless()).as(sample).isEmpty();
        }
    }

    @Test
    void theIndexNamesEveryFile() throws IOException {
        assertThat(causes()).extracting(Rule::id).containsExactlyElementsOf(files("causes"));
        assertThat(harmless()).extracting(Rule::id).containsExactlyElementsOf(files("harmless"));
    }

    @Test
    void whatFollowsFromACauseIsInTheCatalogueAndNothingFollowsFromItself() {
        for (Rule rule : causes()) {
            assertThat(causes()).extracting(Rule::id).containsAll(rule.explains());
            assertThat(following(rule)).as(rule.id()).doesNotContain(rule.id());
        }
    }

    @Test
    void everySourceIsAnAddress() {
        Stream.concat(causes().stream(), harmless().stream()).forEach(rule -> assertThat(rule.sources())
                .as(rule.id())
                .isNotEmpty()
                .allMatch(source -> source.startsWith("https://")));
    }

    private static Set<String> following(Rule rule) {
        Set<String> all = new HashSet<>(rule.explains());
        int before;
        do {
            before = all.size();
            causes().stream()
                    .filter(each -> Set.copyOf(all).contains(each.id()))
                    .forEach(each -> all.addAll(each.explains()));
        } while (all.size() > before);
        return all;
    }

    private static List<String> files(String kind) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(kind))) {
            return files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
        }
    }
}
