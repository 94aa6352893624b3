package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Host.NewContent;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of one host go over one SFTP session, whose server is a process on the host. */
@Timeout(60)
class SftpSessionsOnLocalSshdTest {

    private static final int FILES = 22;

    @TempDir
    Path folder;

    @TempDir
    Path target;

    private LocalSshd sshd;
    private SshHosts hosts;
    private Host host;

    @BeforeEach
    void start() throws Exception {
        LocalSshd.assumeRoot();
        sshd = LocalSshd.start(folder);
        hosts = sshd.hosts();
        host = hosts.on(LocalSshd.NODE);
    }

    @AfterEach
    void end() throws Exception {
        if (sshd != null) {
            hosts.close();
            sshd.close();
        }
    }

    @Test
    void manyFilesOneAfterTheOtherNeedOneServer() throws Exception {
        IntStream.range(0, FILES).forEach(this::write);
        List<ProcessHandle> servers = servers();
        IntStream.range(0, FILES).forEach(this::write);

        assertThat(servers).hasSize(1);
        assertThat(servers()).isEqualTo(servers);
        for (int file = 0; file < FILES; file++) {
            assertThat(Files.readString(path(file))).isEqualTo("content " + file);
        }
        assertThat(target.toFile().list()).hasSize(FILES);
    }

    @Test
    void filesAreSentSideBySideOverOneServer() throws Exception {
        write(0);

        IntStream.range(0, FILES).parallel().forEach(this::write);

        assertThat(servers()).hasSize(1);
        for (int file = 0; file < FILES; file++) {
            assertThat(Files.readString(path(file))).isEqualTo("content " + file);
        }
        assertThat(target.toFile().list()).hasSize(FILES);
    }

    @Test
    void manyFilesAtOnceAreAllWrittenAndTheFirstFailureIsHeard() throws Exception {
        host.writeAll(contents(target));
        for (int file = 0; file < FILES; file++) {
            assertThat(Files.readString(path(file))).isEqualTo("content " + file);
        }
        assertThat(target.toFile().list()).hasSize(FILES);

        List<NewContent> oneBad = new ArrayList<>(contents(Files.createDirectory(target.resolve("more"))));
        oneBad.set(7, NewContent.of("/no/such/folder/file", new byte[1], FileAttributes.ROOT_ONLY));
        assertThatThrownBy(() -> host.writeAll(oneBad)).hasMessageContaining("/no/such/folder/file");
        assertThat(servers()).hasSize(1);
    }

    private static List<NewContent> contents(Path folder) {
        return IntStream.range(0, FILES)
                .mapToObj(file -> NewContent.of(
                        folder.resolve("file" + file).toString(),
                        ("content " + file).getBytes(StandardCharsets.UTF_8),
                        FileAttributes.ROOT_READABLE))
                .toList();
    }

    /** Whoever finds it dead hears at once, not when the 30 s for an answer are over. */
    @Test
    @Timeout(25)
    void aServerThatDiedIsReplacedAndNothingIsHalfWritten() throws Exception {
        write(0);
        ProcessHandle server = servers().get(0);

        server.destroyForcibly();
        server.onExit().get(20, TimeUnit.SECONDS);
        writeAtLast(1);

        assertThat(Files.readString(path(1))).isEqualTo("content 1");
        assertThat(servers()).hasSize(1).doesNotContain(server);
        assertThat(target.toFile().list()).containsExactlyInAnyOrder("file0", "file1");
    }

    @Test
    void aServerThatNobodyNeedsEnds() throws Exception {
        write(0);

        servers().get(0).onExit().get(30, TimeUnit.SECONDS);
        write(1);

        assertThat(Files.readString(path(1))).isEqualTo("content 1");
    }

    /** The one who finds the server dead may hear of a lost connection once. */
    private void writeAtLast(int file) {
        try {
            write(file);
        } catch (StepFailure lost) {
            assertThat(lost.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(lost.failure().code()).isEqualTo("CONNECTION_LOST");
            write(file);
        }
    }

    private void write(int file) {
        host.write(
                path(file).toString(),
                ("content " + file).getBytes(StandardCharsets.UTF_8),
                FileAttributes.ROOT_READABLE);
    }

    private Path path(int file) {
        return target.resolve("file" + file);
    }

    private List<ProcessHandle> servers() {
        return sshd.running("sftp-server");
    }
}
