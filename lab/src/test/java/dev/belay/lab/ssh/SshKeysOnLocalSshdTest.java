package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.activities.Secrets;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.host.ssh.SshTiming;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Reference;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom we trust and who we are, against a real sshd and keys made by ssh-keygen. */
@Timeout(60)
class SshKeysOnLocalSshdTest {

    @TempDir
    Path folder;

    private LocalSshd sshd;

    @AfterEach
    void stop() throws Exception {
        if (sshd != null) {
            sshd.close();
        }
    }

    @Test
    void anUnknownHostKeyIsNamedWithItsFingerprint() throws Exception {
        sshd = LocalSshd.start(folder);
        Files.writeString(sshd.file("known_hosts"), "# nobody\nother ssh-ed25519 AAAA\n");

        Failure failure = failure(sshd.inventory());

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.code()).isEqualTo("HOST_KEY_UNKNOWN");
        assertThat(failure.why()).contains("[127.0.0.1]:" + sshd.port(), "ssh-ed25519 SHA256:", "known_hosts");
    }

    @Test
    void aChangedHostKeyIsToldApartFromAnUnknownOne() throws Exception {
        sshd = LocalSshd.start(folder);
        LocalSshd.keygen(folder.resolve("other"), "ed25519");
        Files.writeString(sshd.file("known_hosts"), LocalSshd.knownHost(sshd.port(), folder.resolve("other.pub")));

        Failure failure = failure(sshd.inventory());

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.code()).isEqualTo("HOST_KEY_CHANGED");
        assertThat(failure.next()).contains("find out which");
    }

    @Test
    void aRevokedKeyIsRefusedAlthoughAPlainLineKnowsIt() throws Exception {
        sshd = LocalSshd.start(folder);
        String line = Files.readString(sshd.file("known_hosts"));
        Files.writeString(sshd.file("known_hosts"), "@revoked * " + line.split(" ", 2)[1] + line);

        assertThat(failure(sshd.inventory()).code()).isEqualTo("HOST_KEY_REVOKED");
    }

    @Test
    void aHashedLineIsRead() throws Exception {
        sshd = LocalSshd.start(folder);
        LocalSshd.run(
                List.of("ssh-keygen", "-q", "-H", "-f", sshd.file("known_hosts").toString()));
        assertThat(sshd.file("known_hosts")).content().startsWith("|1|");

        assertThat(answer(sshd.inventory()).ok()).isTrue();
    }

    @Test
    void aLineWithoutThePortIsFallenBackOn() throws Exception {
        sshd = LocalSshd.start(folder);
        String key = Files.readString(sshd.file("known_hosts")).split(" ", 2)[1];
        Files.writeString(sshd.file("known_hosts"), "127.0.0.* " + key);

        assertThat(answer(sshd.inventory()).ok()).isTrue();
    }

    @Test
    void anRsaHostKeyIsEnough() throws Exception {
        LocalSshd.keygen(folder.resolve("rsa"), "rsa");
        sshd = LocalSshd.start(folder, "HostKey " + folder.resolve("rsa"));
        Files.writeString(sshd.file("known_hosts"), LocalSshd.knownHost(sshd.port(), folder.resolve("rsa.pub")));

        assertThat(answer(sshd.inventory()).ok()).isTrue();
    }

    @Test
    void aHostCertificateIsAcceptedFromAnAuthorityThatIsKnown() throws Exception {
        sshd = certified("127.0.0.1");
        String authority = Files.readString(folder.resolve("ca.pub"));
        Files.writeString(sshd.file("known_hosts"), "@cert-authority * " + authority);

        assertThat(answer(sshd.inventory()).ok()).isTrue();
    }

    @Test
    void aHostCertificateDoesNotDisturbAPlainLine() throws Exception {
        sshd = certified("some.other.name");

        assertThat(answer(sshd.inventory()).ok()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ed25519,", "rsa,3072", "ecdsa,256", "ecdsa,384", "ecdsa,521"})
    void keysOfEveryTypeLogIn(String type, String bits) throws Exception {
        sshd = LocalSshd.start(folder);
        String[] size = bits == null ? new String[] {"-N", ""} : new String[] {"-b", bits, "-N", ""};
        LocalSshd.keygen(folder.resolve("mine"), type, size);
        Files.copy(folder.resolve("mine.pub"), folder.resolve("authorized_keys"), REPLACE);

        assertThat(answer(with("mine", null)).ok()).isTrue();
    }

    @Test
    void anEncryptedKeyOpensWithItsPassphrase() throws Exception {
        sshd = LocalSshd.start(folder);
        encryptLoginKey("correct horse");

        assertThat(answer(with("login", new Reference("env:PASS")), Map.of("PASS", "correct horse"))
                        .ok())
                .isTrue();
    }

    @Test
    void aWrongPassphraseFailsBeforeAnybodyIsConnectedToAndIsNotShown() throws Exception {
        sshd = LocalSshd.start(folder);
        encryptLoginKey("correct horse");
        sshd.close();

        Failure failure = failure(with("login", new Reference("env:PASS")), Map.of("PASS", "battery staple"));

        assertThat(failure.code()).isEqualTo("KEY_UNUSABLE");
        assertThat(failure.toString()).contains("login").doesNotContain("battery", "correct horse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-------", "rw-rw----", "rwx---r--"})
    void aKeyThatOthersMayReadIsRefusedWithItsMode(String mode) throws Exception {
        sshd = LocalSshd.start(folder);
        Files.setPosixFilePermissions(sshd.file("login"), PosixFilePermissions.fromString(mode));

        if (mode.equals("rw-------")) {
            assertThat(answer(sshd.inventory()).ok()).isTrue();
            return;
        }
        Failure failure = failure(sshd.inventory());

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.code()).isEqualTo("FILE_EXPOSED");
        assertThat(failure.why()).contains(sshd.file("login").toString(), mode);
        assertThat(failure.next()).contains("chmod 600");
    }

    @Test
    void aKeyThatIsNotThereIsNamed() throws Exception {
        sshd = LocalSshd.start(folder);

        Failure failure = failure(with("nowhere", null));

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.why()).contains("file:" + folder.resolve("nowhere"));
    }

    @Test
    void aKeyThatIsNoKeyIsNamed() throws Exception {
        sshd = LocalSshd.start(folder);
        Files.writeString(folder.resolve("junk"), "hello\n");
        Files.setPosixFilePermissions(folder.resolve("junk"), PosixFilePermissions.fromString("rw-------"));

        Failure failure = failure(with("junk", null));

        assertThat(failure.code()).isEqualTo("KEY_UNUSABLE");
        assertThat(failure.why()).contains("file:" + folder.resolve("junk"));
    }

    @Test
    void aKeyTheHostDoesNotAcceptIsNamed() throws Exception {
        sshd = LocalSshd.start(folder);
        Files.writeString(folder.resolve("authorized_keys"), "");

        Failure failure = failure(sshd.inventory());

        assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure.code()).isEqualTo("AUTH_FAILED");
        assertThat(failure.why()).contains(LocalSshd.user() + "@127.0.0.1", "file:" + sshd.file("login"));
    }

    private static final java.nio.file.CopyOption REPLACE = java.nio.file.StandardCopyOption.REPLACE_EXISTING;

    private LocalSshd certified(String principal) throws Exception {
        LocalSshd.keygen(folder.resolve("ca"), "ed25519");
        LocalSshd.keygen(folder.resolve("signed"), "ed25519");
        LocalSshd.run(List.of(
                "ssh-keygen",
                "-q",
                "-s",
                folder.resolve("ca").toString(),
                "-I",
                "host",
                "-h",
                "-n",
                principal,
                folder.resolve("signed.pub").toString()));
        LocalSshd started = LocalSshd.start(
                folder, "HostKey " + folder.resolve("signed"), "HostCertificate " + folder.resolve("signed-cert.pub"));
        return started;
    }

    private void encryptLoginKey(String passphrase) throws Exception {
        LocalSshd.run(List.of(
                "ssh-keygen",
                "-q",
                "-p",
                "-P",
                "",
                "-N",
                passphrase,
                "-f",
                sshd.file("login").toString()));
    }

    private Cluster with(String key, Reference passphrase) {
        return sshd.inventory(sshd.reference(key), passphrase, sshd.reference("known_hosts"), null);
    }

    private static CommandOutput answer(Cluster inventory) {
        return answer(inventory, Map.of());
    }

    private static CommandOutput answer(Cluster inventory, Map<String, String> environment) {
        try (SshHosts hosts = new SshHosts(inventory, new Secrets(environment), SshTiming.DEFAULT, Clock.systemUTC())) {
            return hosts.on(LocalSshd.NODE).run(Command.of("true"));
        }
    }

    private static Failure failure(Cluster inventory) {
        return failure(inventory, Map.of());
    }

    private static Failure failure(Cluster inventory, Map<String, String> environment) {
        Throwable thrown = catchThrowable(() -> answer(inventory, environment));
        assertThat(thrown).isInstanceOf(StepFailure.class);
        return ((StepFailure) thrown).failure();
    }
}
