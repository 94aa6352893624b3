package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.host.ssh.SshTiming;
import dev.belay.model.run.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a real sshd and a real shell can show. */
@Timeout(60)
class SshHostOnLocalSshdTest {

    private static final SshTiming HASTY = new SshTiming(
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(4),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));

    @TempDir
    Path folder;

    private LocalSshd sshd;
    private SshHosts hosts;

    @BeforeEach
    void start() throws Exception {
        sshd = LocalSshd.start(folder);
        hosts = sshd.hosts();
    }

    @AfterEach
    void stop() throws Exception {
        if (sshd != null) {
            hosts.close();
            sshd.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "it's",
                "'''",
                "\"quoted\"",
                "\\",
                "\\n",
                "new\nline",
                "tab\tand\rreturn",
                "; rm -rf /nowhere",
                "&& false",
                "$(id)",
                "`id`",
                "${HOME}",
                "$$",
                "!!",
                "*",
                "~",
                "#",
                "%s%n",
                "-n",
                "--",
                "é ü 漢字 🎉",
                "\u0001\u007f"
            })
    void argumentsPassARealShellUnchanged(String argument) {
        CommandOutput output = host().run(Command.of("printf", "%s|", argument, "end"));

        assertThat(output).isEqualTo(new CommandOutput(0, argument + "|end|", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "it's", "new\nline", "$(id)", "; false"})
    void valuesOfTheEnvironmentPassUnchanged(String value) {
        Command command =
                new Command(List.of("printenv", "BELAY"), true, Map.of("BELAY", value), Duration.ofSeconds(9));

        assertThat(host().run(command)).isEqualTo(new CommandOutput(0, value + "\n", ""));
    }

    @Test
    void aSignalIs128AndItsNumber() {
        assertThat(host().run(Command.of("sh", "-c", "kill -9 $$")).exit()).isEqualTo(137);
        assertThat(host().run(Command.of("sh", "-c", "kill -TERM $$")).exit()).isEqualTo(143);
    }

    @Test
    void bothStreamsAreDrainedHoweverMuchTheyCarry() {
        CommandOutput output = host().run(
                        Command.of("sh", "-c", "head -c 20000000 /dev/zero >&2; head -c 20000000 /dev/zero; echo end"));

        assertThat(output.exit()).isZero();
        assertThat(output.out()).hasSize(1 << 20);
        assertThat(output.err()).hasSize(1 << 20);
    }

    @Test
    void standardInputIsEmptyAndClosed() {
        assertThat(host().run(Command.of("cat"))).isEqualTo(new CommandOutput(0, "", ""));
    }

    @Test
    void aCommandThatEndsBeforeItsInputIsClosedHasItsExitAndCostsNoConnection() {
        List<Integer> exits = IntStream.range(0, 200)
                .mapToObj(i -> host().run(Command.of("id", "-u")).exit())
                .toList();

        assertThat(exits).containsOnly(0);
    }

    @Test
    void manyCommandsAtOnceShareTheChannelsOfOneConnection() {
        List<CompletableFuture<CommandOutput>> many = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> host().run(Command.of("echo", "n" + i))))
                .toList();

        assertThat(many).extracting(CompletableFuture::join).allMatch(CommandOutput::ok);
    }

    @Test
    void aConnectionThatBreaksMidwayIsLostAndTheNextCommandHasANewOne() throws Exception {
        CompletableFuture<Throwable> lost = beginLongCommand();

        sshd.breakConnections();

        assertThat(lost.get(20, TimeUnit.SECONDS)).isInstanceOfSatisfying(StepFailure.class, thrown -> {
            assertThat(thrown.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(thrown.failure().code()).isEqualTo("CONNECTION_LOST");
            assertThat(thrown.failure().why()).contains("sh", "may have happened");
        });
        assertThat(host().run(Command.of("true")).ok()).isTrue();
    }

    @Test
    void aCommandThatTakesTooLongCountsAsLost() {
        Throwable lost = thrownBy(Command.of("sleep", "30").within(Duration.ofSeconds(1)));

        assertThat(lost).isInstanceOfSatisfying(StepFailure.class, thrown -> assertThat(
                        thrown.failure().code())
                .isEqualTo("CONNECTION_LOST"));
        assertThat(host().run(Command.of("true")).ok()).isTrue();
    }

    @Test
    void aPeerThatFallsSilentIsGivenUp() throws Exception {
        hosts.close();
        hosts = LocalSshd.hosts(sshd.inventory(), HASTY);
        CompletableFuture<Throwable> lost = beginLongCommand();

        sshd.freezeConnections();

        assertThat(lost.get(15, TimeUnit.SECONDS)).isInstanceOfSatisfying(StepFailure.class, thrown -> assertThat(
                        thrown.failure().why())
                .contains("has not answered for 2 s"));
    }

    @Test
    void aFrozenServerIsUnreachableWithinItsLimit() throws Exception {
        hosts.close();
        hosts = LocalSshd.hosts(sshd.inventory(), HASTY);
        sshd.freezeListener();

        assertThat(thrownBy(Command.of("true"))).isInstanceOfSatisfying(StepFailure.class, thrown -> {
            assertThat(thrown.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(thrown.failure().code()).isEqualTo("UNREACHABLE");
            assertThat(thrown.failure().why()).contains("local", "127.0.0.1:" + sshd.port());
        });
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws Exception {
        sshd.close();

        assertThat(thrownBy(Command.of("true"))).isInstanceOfSatisfying(StepFailure.class, thrown -> {
            assertThat(thrown.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(thrown.failure().why()).contains("refuses connections");
        });
    }

    @Test
    void filesAreReadWrittenListedAndRemoved(@TempDir Path target) {
        LocalSshd.assumeRoot();
        String path = target.resolve("it's a\nfile").toString();
        byte[] content = new byte[3_000_000];
        new java.util.Random(7).nextBytes(content);

        host().write(path, content, new FileAttributes(0604, 0, 4));

        assertThat(host().read(path)).hasValue(content);
        assertThat(host().list(List.of(target.toString()))).singleElement().satisfies(entry -> {
            assertThat(entry.path()).isEqualTo(path);
            assertThat(entry.attributes()).isEqualTo(new FileAttributes(0604, 0, 4));
            assertThat(entry.size()).isEqualTo(3_000_000);
        });
        host().remove(path);
        assertThat(host().read(path)).isEmpty();
    }

    @Test
    void aWriteSweepsWhatACutOffOneLeftBehind(@TempDir Path target) throws Exception {
        LocalSshd.assumeRoot();
        Path left = Files.writeString(target.resolve(".kubernetes.list.belay-dead"), "half");

        host().write(target.resolve("kubernetes.list").toString(), new byte[] {1}, FileAttributes.ROOT_READABLE);

        assertThat(left).doesNotExist();
        assertThat(target).isDirectoryContaining("glob:**kubernetes.list");
    }

    @Test
    void aFolderIsNoFile(@TempDir Path target) {
        LocalSshd.assumeRoot();

        assertThatThrownBy(() -> host().read(target.toString())).isInstanceOfSatisfying(StepFailure.class, thrown -> {
            assertThat(thrown.failure().code()).isEqualTo("FILE_REFUSED");
            assertThat(thrown.failure().why()).contains(target.toString());
        });
    }

    @Test
    void linksAreListedWithTheirTargets(@TempDir Path target) throws Exception {
        LocalSshd.assumeRoot();
        Files.createSymbolicLink(target.resolve("link"), target.resolve("there"));

        assertThat(host().list(List.of(target.toString()))).singleElement().satisfies(entry -> {
            assertThat(entry.link()).isEqualTo(target.resolve("there").toString());
            assertThat(entry.sha256()).isEmpty();
        });
    }

    private Host host() {
        return hosts.on(LocalSshd.NODE);
    }

    private Throwable thrownBy(Command command) {
        return catchThrowable(() -> host().run(command));
    }

    /** Begins a command that would take long, and returns when it runs. */
    private CompletableFuture<Throwable> beginLongCommand() throws Exception {
        Path fifo = folder.resolve("begun");
        LocalSshd.run(List.of("mkfifo", fifo.toString()));
        CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(
                () -> thrownBy(Command.of("sh", "-c", "echo begun > " + fifo + "; exec sleep 30")));
        assertThat(Files.readString(fifo)).isEqualTo("begun\n");
        return ended;
    }
}
