package dev.belay.lab.ssh;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Secrets;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.host.ssh.SshTiming;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that only an ssh-agent holds, against a real agent and a real sshd. */
@Timeout(60)
class SshAgentOnLocalSshdTest {

    private static final Path PROGRAM = Path.of("/usr/bin/ssh-agent");

    @TempDir
    Path folder;

    private LocalSshd sshd;
    private Process agent;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "openssh-client is not installed: there is no " + PROGRAM);
        sshd = LocalSshd.start(folder);
        agent = new ProcessBuilder(PROGRAM.toString(), "-D", "-a", socket().toString())
                .redirectErrorStream(true)
                .start();
        assertThat(agent.inputReader().readLine()).contains("SSH_AUTH_SOCK");
    }

    @AfterEach
    void stop() throws Exception {
        if (sshd != null) {
            sshd.close();
        }
        if (agent != null) {
            agent.destroyForcibly().waitFor();
        }
    }

    private Path socket() {
        return folder.resolve("agent");
    }

    private void add(String name) throws Exception {
        Process adding = adding(name).start();
        assertThat(adding.waitFor()).as("ssh-add %s", name).isZero();
    }

    private ProcessBuilder adding(String name) {
        ProcessBuilder adding =
                new ProcessBuilder("ssh-add", "-q", folder.resolve(name).toString());
        adding.environment().put("SSH_AUTH_SOCK", socket().toString());
        return adding.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private CommandOutput answer() {
        return answer(Map.of("SSH_AUTH_SOCK", socket().toString()));
    }

    private CommandOutput answer(Map<String, String> environment) {
        Cluster inventory =
                sshd.inventory(new Reference("agent:${SSH_AUTH_SOCK}"), null, sshd.reference("known_hosts"), null);
        try (SshHosts hosts = new SshHosts(inventory, new Secrets(environment), SshTiming.DEFAULT, Clock.systemUTC())) {
            return hosts.on(LocalSshd.NODE).run(Command.of("true"));
        }
    }

    @ParameterizedTest
    @CsvSource({"ed25519, 256", "ecdsa, 256", "ecdsa, 521", "rsa, 3072"})
    void aKeyThatOnlyTheAgentHoldsLogsIn(String type, String bits) throws Exception {
        LocalSshd.keygen(folder.resolve("own"), type, "-b", bits, "-N", "");
        Files.copy(folder.resolve("own.pub"), folder.resolve("authorized_keys"), StandardCopyOption.REPLACE_EXISTING);
        add("own");
        Files.delete(folder.resolve("own"));

        assertThat(answer().ok()).isTrue();
    }

    @Test
    void theRightOneOfSeveralKeysIsFound() throws Exception {
        for (String other : List.of("a", "b", "c", "d")) {
            LocalSshd.keygen(folder.resolve(other), "ed25519");
            add(other);
        }
        add("login");

        assertThat(answer().ok()).isTrue();
    }

    @Test
    void anAgentWithTooManyWrongKeysIsRefusedBeforeTheServerHangsUp() throws Exception {
        for (int each = 0; each < 7; each++) {
            LocalSshd.keygen(folder.resolve("wrong" + each), "ed25519");
            add("wrong" + each);
        }

        assertThat(failsWith(FailureKind.PERMANENT, "AUTH_FAILED", this::answer).why())
                .contains("agent:${SSH_AUTH_SOCK}");
    }

    @Test
    void anAgentWithoutKeysIsSaidToHoldNone() {
        Failure failure = failsWith(FailureKind.PERMANENT, "KEY_UNUSABLE", this::answer);

        assertThat(failure.why()).contains("agent:${SSH_AUTH_SOCK}", "holds no key");
        assertThat(failure.next()).contains("ssh-add");
    }

    @Test
    void anAgentThatIsNotThereIsNamedByItsReference() throws Exception {
        agent.destroyForcibly().waitFor();
        Files.deleteIfExists(socket());

        assertThat(failsWith(FailureKind.PERMANENT, "KEY_UNUSABLE", this::answer)
                        .why())
                .contains("agent:${SSH_AUTH_SOCK}", "does not answer");
        assertThat(failsWith(FailureKind.PERMANENT, "REFERENCE_UNRESOLVED", () -> answer(Map.of()))
                        .why())
                .contains("SSH_AUTH_SOCK");
    }

    @Test
    void anAgentThatIsSilentIsGivenUp() throws Exception {
        Path silent = folder.resolve("silent");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(silent));

            assertThat(failsWith(
                                    FailureKind.PERMANENT,
                                    "KEY_UNUSABLE",
                                    () -> answer(Map.of("SSH_AUTH_SOCK", silent.toString())))
                            .why())
                    .contains("does not answer");
        }
    }

    @Test
    void aKeyTheAgentWillNotUseIsNoLogin() throws Exception {
        LocalSshd.run(List.of(
                "env",
                "SSH_AUTH_SOCK=" + socket(),
                "SSH_ASKPASS=/bin/false",
                "ssh-add",
                "-q",
                "-c",
                folder.resolve("login").toString()));

        failsWith(FailureKind.PERMANENT, "AUTH_FAILED", this::answer);
    }
}
