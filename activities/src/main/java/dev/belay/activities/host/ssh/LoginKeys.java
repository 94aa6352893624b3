package dev.belay.activities.host.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepFailure;
import dev.belay.model.inventory.Reference;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.jspecify.annotations.Nullable;

/** Private keys, read and decrypted before any connection, so that a wrong passphrase costs no failed login on a host. */
final class LoginKeys {

    private final Secrets secrets;
    private final @Nullable Reference passphrase;
    private final Map<Reference, KeyProvider> loaded = new ConcurrentHashMap<>();

    LoginKeys(Secrets secrets, @Nullable Reference passphrase) {
        this.secrets = secrets;
        this.passphrase = passphrase;
    }

    KeyProvider load(Reference reference) {
        return loaded.computeIfAbsent(reference, this::read);
    }

    /** The next login reads the key again: it may have been replaced. */
    void forget(Reference reference) {
        loaded.remove(reference);
    }

    private KeyProvider read(Reference reference) {
        try (SSHClient parser = new SSHClient(SshAlgorithms.config(true))) {
            KeyProvider key = parsed(parser, reference);
            key.getPrivate();
            key.getPublic();
            return key;
        } catch (KeyDecryptionFailedException e) {
            throw unusable(reference, "cannot be decrypted: its passphrase is missing or wrong", "set ssh.passphrase");
        } catch (IOException | SSHRuntimeException e) {
            throw unusable(
                    reference,
                    "is not a private key that can be used: " + e.getMessage(),
                    "use OpenSSH's own format (ssh-keygen -p -f rewrites a key)");
        }
    }

    private KeyProvider parsed(SSHClient parser, Reference reference) throws IOException {
        PasswordFinder finder = passphrase == null
                ? null
                : PasswordUtils.createOneOff(secrets.text(passphrase).toCharArray());
        if (reference.scheme().equals("file")) {
            return parser.loadKeys(secrets.privateFile(reference).toString(), finder);
        }
        return parser.loadKeys(secrets.text(reference) + "\n", null, finder);
    }

    private static StepFailure unusable(Reference reference, String why, String next) {
        return StepFailure.of(FailureKind.PERMANENT, "KEY_UNUSABLE", "the SSH key " + reference + " " + why, next);
    }
}
