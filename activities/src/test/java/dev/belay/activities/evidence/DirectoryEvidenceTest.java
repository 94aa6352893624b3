package dev.belay.activities.evidence;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.activities.evidence.Evidence.Artifact;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryEvidenceTest {

    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @TempDir
    private Path folder;

    private Path root;
    private DirectoryEvidence evidence;

    @BeforeEach
    void start() {
        root = folder.resolve("backups");
        evidence = new DirectoryEvidence(root);
    }

    @Test
    void whatIsStoredCanBeListedAndReadBack() {
        Artifact stored = evidence.store("run-1/1.34/cp1.db", sink -> sink.write(bytes("hello")));

        assertThat(stored).isEqualTo(new Artifact("run-1/1.34/cp1.db", 5, HELLO));
        assertThat(evidence.list("run-1/")).containsExactly(stored);
        assertThat(evidence.list("run-2/")).isEmpty();
        assertThat(evidence.read("run-1/1.34/cp1.db"))
                .hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes("hello")));
        assertThat(evidence.read("run-1/1.34/cp2.db")).isEmpty();
    }

    @Test
    void onlyTheOwnerMayLookInside() throws IOException {
        evidence.store("run-1/1.34/cp1.db", sink -> sink.write(bytes("hello")));

        assertThat(mode(root)).isEqualTo("rwx------");
        assertThat(mode(root.resolve("run-1"))).isEqualTo("rwx------");
        assertThat(mode(root.resolve("run-1/1.34"))).isEqualTo("rwx------");
        assertThat(mode(root.resolve("run-1/1.34/cp1.db"))).isEqualTo("rw-------");
    }

    @Test
    void aSecondWriteReplacesTheFirstWhole() {
        evidence.store("a/b", sink -> sink.write(bytes("a much longer first version")));

        evidence.store("a/b", sink -> sink.write(bytes("hello")));

        assertThat(evidence.list("")).containsExactly(new Artifact("a/b", 5, HELLO));
    }

    @Test
    void aWriteThatFailsLeavesTheFormerArtefactAndNothingElse() throws IOException {
        evidence.store("a/b", sink -> sink.write(bytes("hello")));

        Failure failure = failsWith(
                FailureKind.PRECONDITION,
                "EVIDENCE_UNUSABLE",
                () -> evidence.store("a/b", sink -> {
                    sink.write(bytes("half"));
                    throw new IOException("No space left on device");
                }));

        assertThat(failure.why()).contains("a/b", "No space left on device", root.toString());
        assertThat(evidence.list("")).containsExactly(new Artifact("a/b", 5, HELLO));
        assertThat(filesIn(root.resolve("a"))).containsExactly("b");
    }

    @Test
    void theSourcesOwnFailureComesThrough() {
        StepFailure own = StepFailure.of(FailureKind.TRANSIENT, "ETCD_UNREACHABLE", "cp1 gives no answer", "look");

        assertThatThrownBy(() -> evidence.store("a/b", sink -> {
                    throw own;
                }))
                .isSameAs(own);
        assertThat(evidence.list("")).isEmpty();
    }

    @Test
    void nobodySeesAnArtefactBeforeItIsWhole() {
        evidence.store("a/b", sink -> {
            sink.write(bytes("hel"));
            sink.flush();
            assertThat(evidence.list("")).isEmpty();
            assertThat(evidence.read("a/b")).isEmpty();
            sink.write(bytes("lo"));
        });

        assertThat(evidence.list("")).containsExactly(new Artifact("a/b", 5, HELLO));
    }

    @Test
    void whatAKilledWriterLeftGoesWithTheNextWriteOfThatArtefact() throws IOException {
        evidence.store("a/b", sink -> sink.write(bytes("hello")));
        Path abandoned = Files.writeString(root.resolve("a/.b.0000.part"), "half");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        Files.writeString(root.resolve("a/.b.1111.part"), "another writer, at work");
        Files.writeString(root.resolve("a/.c.2222.part"), "of another artefact");

        evidence.store("a/b", sink -> sink.write(bytes("hello")));

        assertThat(filesIn(root.resolve("a"))).containsExactly(".b.1111.part", ".c.2222.part", "b");
        assertThat(evidence.list("")).extracting(Artifact::path).containsExactly("a/b");
    }

    @Test
    void aChangedFileIsSeenByItsHash() throws IOException {
        Artifact stored = evidence.store("a/b", sink -> sink.write(bytes("hello")));

        Files.writeString(root.resolve("a/b"), "jello");

        assertThat(evidence.list("")).singleElement().satisfies(now -> assertThat(now.sha256())
                .isNotEqualTo(stored.sha256()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../out",
                "a/../../out",
                "a//b",
                "a/",
                ".hidden",
                "a/.b",
                "-rf",
                "a b",
                "a\nb",
                "a\\..\\b",
                "a;rm -rf",
                "$(id)",
                "a/b\u0000c"
            })
    void aPathThatLeadsElsewhereIsRefused(String path) {
        failsWith(FailureKind.PERMANENT, "EVIDENCE_PATH", () -> evidence.store(path, sink -> sink.write(1)));
        failsWith(FailureKind.PERMANENT, "EVIDENCE_PATH", () -> evidence.read(path));
        assertThat(root).doesNotExist();
    }

    @Test
    void aLinkInsideTheStoreLeadsNowhere() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        evidence.store("a/b", sink -> sink.write(bytes("hello")));
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("a/file"), Files.writeString(outside.resolve("secret"), "s"));

        failsWith(FailureKind.PERMANENT, "EVIDENCE_PATH", () -> evidence.store("link/x", sink -> sink.write(1)));

        assertThat(evidence.read("a/file")).isEmpty();
        assertThat(evidence.list("")).extracting(Artifact::path).containsExactly("a/b");
        assertThat(filesIn(outside)).containsExactly("secret");
    }

    @Test
    void aStoreThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(root, "a file where the folder should be");

        Failure failure = failsWith(
                FailureKind.PRECONDITION, "EVIDENCE_UNUSABLE", () -> evidence.store("a/b", sink -> sink.write(1)));

        assertThat(failure.why()).contains(root.toString());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
