package dev.belay.activities.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Hosts;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Hosts} must do with files and folders. */
public abstract class HostFilesContract {

    protected abstract Hosts hosts();

    protected abstract NodeName node();

    /** An existing empty folder of root's on the node, a plain absolute path. */
    protected abstract String folder();

    @Test
    public void whatIsWrittenIsReadBackByteForByte() {
        byte[] content = bytes(100_000);

        host().write(path("binary"), content, FileAttributes.ROOT_ONLY);

        assertThat(host().read(path("binary"))).hasValue(content);
    }

    @Test
    public void anEmptyFileIsNotAMissingOne() {
        host().write(path("empty"), new byte[0], FileAttributes.ROOT_READABLE);

        assertThat(host().read(path("empty"))).hasValue(new byte[0]);
        assertThat(host().read(path("missing"))).isEmpty();
    }

    @Test
    public void aWriteReplacesContentAndAttributes() {
        host().write(path("twice"), bytes(10), FileAttributes.ROOT_READABLE);
        host().write(path("twice"), text("new"), new FileAttributes(0640, 0, 4));

        assertThat(host().read(path("twice"))).hasValue(text("new"));
        assertThat(host().list(List.of(path("twice"))))
                .containsExactly(
                        new FileEntry(path("twice"), new FileAttributes(0640, 0, 4), 3, sha256(text("new")), ""));
    }

    @Test
    public void whatIsUploadedArrivesWholeHoweverItIsRead() {
        byte[] content = bytes(300_001);

        host().upload(path("uploaded"), () -> inPieces(content), new FileAttributes(0640, 0, 4));
        host().upload(path("uploaded"), () -> inPieces(content), FileAttributes.ROOT_ONLY);

        assertThat(host().list(List.of(path("uploaded"))))
                .containsExactly(
                        new FileEntry(path("uploaded"), FileAttributes.ROOT_ONLY, 300_001, sha256(content), ""));
    }

    @Test
    public void anUploadWhoseSourceBreaksLeavesTheFileAsItWas() {
        host().write(path("kept"), text("kept"), FileAttributes.ROOT_ONLY);
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(bytes(100_000)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the store is gone");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("the store is gone");
            }
        });

        assertThatThrownBy(() -> host().upload(path("kept"), () -> broken, FileAttributes.ROOT_ONLY))
                .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                    assertThat(thrown.failure().code()).isEqualTo("CONTENT_UNREADABLE");
                    assertThat(thrown.failure().why()).contains("the store is gone");
                });

        assertThat(host().read(path("kept"))).hasValue(text("kept"));
        assertThat(host().run(Command.of("true")).ok()).isTrue();
    }

    @Test
    public void aWriteLeavesNothingBesideItsFile() {
        host().write(path("alone"), bytes(50_000), FileAttributes.ROOT_ONLY);

        assertThat(host().list(List.of(folder())))
                .extracting(FileEntry::path)
                .filteredOn(path -> path.contains("alone"))
                .containsExactly(path("alone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "it's", "new\nline", "; rm -rf x", "$(id)", "ünï", "-rf", "\"q\""})
    public void aHostileNameIsAName(String name) {
        host().write(path(name), text(name), FileAttributes.ROOT_ONLY);

        assertThat(host().read(path(name))).hasValue(text(name));
        assertThat(host().list(List.of(path(name))))
                .extracting(FileEntry::path, FileEntry::sha256)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(path(name), sha256(text(name))));
    }

    @Test
    public void aFileIsNotWrittenWhereThereIsNoFolder() {
        assertThatThrownBy(() -> host().write(path("no-folder/file"), text("x"), FileAttributes.ROOT_ONLY))
                .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                    assertThat(thrown.failure().kind()).isEqualTo(FailureKind.PERMANENT);
                    assertThat(thrown.failure().why()).contains("no-folder/file");
                });
    }

    @Test
    public void aRemovedFileIsGoneAndMayBeRemovedAgain() {
        host().write(path("short-lived"), text("x"), FileAttributes.ROOT_ONLY);

        host().remove(path("short-lived"));
        host().remove(path("short-lived"));

        assertThat(host().read(path("short-lived"))).isEmpty();
    }

    @Test
    public void aMovedFileIsTheSameUnderItsNewNameAndReplacesWhatWasThere() {
        FileAttributes attributes = new FileAttributes(0640, 0, 4);
        host().write(path("moved-to"), bytes(10), FileAttributes.ROOT_ONLY);
        host().write(path("moved-from"), text("moved"), attributes);

        host().move(path("moved-from"), path("moved-to"));

        assertThat(host().list(List.of(path("moved-from"), path("moved-to"))))
                .containsExactly(new FileEntry(path("moved-to"), attributes, 5, sha256(text("moved")), ""));
    }

    @Test
    public void whatIsNotThereIsNotMovedNorIsAnythingMovedToNowhere() {
        host().write(path("stays"), text("x"), FileAttributes.ROOT_ONLY);

        Failing.failsWith(FailureKind.PERMANENT, "FILE_REFUSED", () -> host().move(path("never-there"), path("other")));
        Failing.failsWith(FailureKind.PERMANENT, "FILE_REFUSED", () -> host().move(path("stays"), path("no-folder/x")));
        assertThat(host().read(path("stays"))).hasValue(text("x"));
    }

    @Test
    public void aFolderIsRenamedWholeAndNeverOntoAnother() {
        String folder = path("belay-c0417ac7");
        String other = path("other-belay-c0417ac7");
        must("rm", "-rf", "--", folder);
        must("rm", "-rf", "--", other);
        must("mkdir", "-p", "-m", "0700", folder);
        host().write(folder + "/inside", text("x"), new FileAttributes(0640, 0, 4));

        must("mv", "-T", "-n", folder, other);
        must("mkdir", "-p", "-m", "0700", folder);
        host().run(Command.root("mv", "-T", "-n", folder, other));

        assertThat(isThere(folder)).isTrue();
        assertThat(host().list(List.of(folder))).isEmpty();
        assertThat(host().list(List.of(other)))
                .containsExactly(
                        new FileEntry(other + "/inside", new FileAttributes(0640, 0, 4), 1, sha256(text("x")), ""));
        must("rm", "-rf", "--", folder);
        must("rm", "-rf", "--", other);
        assertThat(isThere(other)).isFalse();
        assertThat(host().run(Command.root("mv", "-T", "-n", other, folder)).ok())
                .isFalse();
    }

    @Test
    public void aFolderGetsTheOwnerOfAnotherOne() {
        String like = path("like-belay-c0417ac7");
        String made = path("made-belay-c0417ac7");
        List.of(like, made).forEach(folder -> {
            must("mkdir", "-p", "-m", "0700", folder);
            host().write(folder + "/inside", text("x"), new FileAttributes(0600, 0, 0));
        });

        must("chown", "-R", "--reference=" + like, made);
        must("chmod", "700", made);

        assertThat(host().list(List.of(made)))
                .extracting(FileEntry::attributes)
                .containsExactly(new FileAttributes(0600, 0, 0));
        assertThat(host().run(Command.root("chown", "-R", "--reference=" + path("nothing"), made))
                        .ok())
                .isFalse();
        List.of(like, made).forEach(folder -> must("rm", "-rf", "--", folder));
        assertThat(host().run(Command.root("chmod", "700", made)).ok()).isFalse();
    }

    @Test
    public void aFolderOfTheRootFileSystemIsNoMountPoint() {
        assertThat(host().run(Command.root("mountpoint", "-q", folder())).ok()).isFalse();
        assertThat(host().run(Command.root("mountpoint", "-q", path("nothing"))).ok())
                .isFalse();
    }

    private boolean isThere(String path) {
        return host().run(Command.root("test", "-e", path)).ok();
    }

    private void must(String... argv) {
        assertThat(host().run(Command.root(argv))).as(String.join(" ", argv)).matches(CommandOutput::ok);
    }

    @Test
    public void aListingIsSortedAndLeavesOutWhatIsNotThere() {
        host().write(path("list-b"), text("b"), FileAttributes.ROOT_ONLY);
        host().write(path("list-a"), text("a"), FileAttributes.ROOT_READABLE);

        assertThat(host().list(List.of(path("list-b"), path("never-there"), path("list-a"))))
                .containsExactly(
                        new FileEntry(path("list-a"), FileAttributes.ROOT_READABLE, 1, sha256(text("a")), ""),
                        new FileEntry(path("list-b"), FileAttributes.ROOT_ONLY, 1, sha256(text("b")), ""));
        assertThat(host().list(List.of(path("never-there")))).isEmpty();
    }

    @Test
    public void aListingOfAFolderIsRecursive() {
        assertThat(host().list(List.of("/etc/kubernetes")))
                .extracting(FileEntry::path)
                .contains("/etc/kubernetes/kubelet.conf", "/etc/kubernetes/pki/ca.crt")
                .isSorted();
    }

    protected final Host host() {
        return hosts().on(node());
    }

    private String path(String name) {
        return folder() + "/" + name;
    }

    private static InputStream inPieces(byte[] content) {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return super.read(into, from, Math.min(length, 777));
            }
        };
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    protected static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
