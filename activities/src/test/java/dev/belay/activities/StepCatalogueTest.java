package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.belay.model.runbook.StepSignature;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StepCatalogueTest {

    private final StepCatalogue catalogue = StepCatalogue.shipped();

    @Test
    void holdsEveryStepTypeThereIs() {
        Set<String> classes = new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.belay.activities.steps")
                        .stream()
                        .filter(type -> type.isAssignableTo(StepType.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());

        assertThat(catalogue.types())
                .extracting(type -> type.getClass().getName())
                .containsExactlyInAnyOrderElementsOf(classes);
    }

    @Test
    void namesAreNounDotVerb() {
        assertThat(catalogue.types())
                .allSatisfy(type -> assertThat(type.name()).matches("[a-z][A-Za-z]*\\.[a-z][A-Za-z]*"));
    }

    @Test
    void everyFieldIsExplainedAndHasATypeThatARunbookCanWrite() {
        List<StepSignature> signatures = List.copyOf(catalogue.signatures().values());

        assertThat(signatures).hasSameSizeAs(catalogue.types());
        assertThat(signatures).allSatisfy(signature -> {
            assertThat(signature.summary()).isNotBlank();
            assertThat(signature.input().values())
                    .allSatisfy(field -> assertThat(field.description()).isNotBlank());
            assertThat(signature.output().values())
                    .allSatisfy(field -> assertThat(field.description()).isNotBlank());
        });
    }

    @Test
    void onlyWhatHasAnEffectCanBeUndone() {
        assertThat(catalogue.signatures().values())
                .filteredOn(StepSignature::undoable)
                .allSatisfy(signature -> assertThat(signature.effect()).isTrue());
    }

    @Test
    void derivesASignatureFromTheRecords() {
        StepSignature signature = catalogue.signatures().get("node.cordon");

        assertThat(signature.perNode()).isTrue();
        assertThat(signature.effect()).isTrue();
        assertThat(signature.undoable()).isTrue();
        assertThat(signature.action()).isEqualTo("cordoned");
        assertThat(signature.output()).containsOnlyKeys("ours");
    }
}
