package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.model.inventory.Reference;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @TempDir
    Path folder;

    @Test
    void aFileBeginsWithAVariable() throws Exception {
        Files.writeString(folder.resolve("key"), "s3cret\n\n");
        Secrets secrets = new Secrets(Map.of("HOME_OF_KEYS", folder.toString()));

        assertThat(secrets.text(new Reference("file:${HOME_OF_KEYS}/key"))).isEqualTo("s3cret");
        assertThat(secrets.path(new Reference("file:${HOME_OF_KEYS}/key"))).isEqualTo(folder.resolve("key"));
    }

    @Test
    void aVariableInTheMiddleIsPartOfTheName() throws Exception {
        Files.writeString(folder.resolve("${X}"), "here");

        assertThat(new Secrets(Map.of("X", "y")).text(new Reference("file:" + folder + "/${X}")))
                .isEqualTo("here");
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        Failure failure = failure(Map.of(), "file:${NOT_SET}/key");

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.why()).contains("file:${NOT_SET}/key", "NOT_SET", "not set");
    }

    @Test
    void anEnvironmentReferenceIsTheVariable() {
        assertThat(new Secrets(Map.of("TOKEN", "s3cret")).text(new Reference("env:TOKEN")))
                .isEqualTo("s3cret");
        assertThat(failure(Map.of(), "env:TOKEN").why()).contains("env:TOKEN");
    }

    @Test
    void aProgramIsRunWithoutAShell() {
        assertThat(new Secrets(Map.of()).text(new Reference("exec:echo $(id) ; s3cret")))
                .isEqualTo("$(id) ; s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"exec:false", "exec:no-such-program-at-all", "exec:cat /no/such/file", "file:/no/such/file"})
    void whatCannotBeResolvedIsNamedByItsReference(String reference) {
        Failure failure = failure(Map.of(), reference);

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.code()).isEqualTo("REFERENCE_UNRESOLVED");
        assertThat(failure.why()).startsWith(reference + " ");
    }

    @Test
    void whatAFailingProgramPrintsIsNotRepeated() {
        assertThat(failure(Map.of("A", "b"), "exec:ls /no-such-s3cret").toString())
                .containsOnlyOnce("no-such-s3cret");
    }

    /** The end of the program must not take away what it wrote and nobody has read yet. */
    @RepeatedTest(20)
    void aProgramThatEndsBeforeItsOutputIsReadLosesNothing() throws Exception {
        Files.write(folder.resolve("whole"), new byte[60_000]);

        assertThat(new Secrets(Map.of()).bytes(new Reference("exec:cat " + folder.resolve("whole"))))
                .hasSize(60_000);
    }

    @Test
    void anOversizedSecretIsRefused() throws Exception {
        Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);

        assertThat(failure(Map.of(), "file:" + folder.resolve("large")).why()).contains("1 MB");
        assertThat(failure(Map.of(), "exec:cat " + folder.resolve("large")).why())
                .contains("1 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--r--r--", "rw-r-----", "rw-----w-", "rwx--x---"})
    void aPrivateFileThatOthersMayUseIsRefusedWithItsMode(String mode) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        Throwable thrown = catchThrowable(() -> new Secrets(Map.of()).privateFile(new Reference("file:" + file)));

        assertThat(((StepFailure) thrown).failure().code()).isEqualTo("FILE_EXPOSED");
        assertThat(((StepFailure) thrown).failure().why()).contains(file.toString(), mode);
    }

    private static Failure failure(Map<String, String> environment, String reference) {
        Throwable thrown = catchThrowable(() -> new Secrets(environment).text(new Reference(reference)));
        assertThat(thrown).isInstanceOf(StepFailure.class);
        return ((StepFailure) thrown).failure();
    }
}
