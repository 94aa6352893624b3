package dev.belay.activities.host.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepFailure;
import dev.belay.model.inventory.Reference;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.jspecify.annotations.Nullable;

/** Private keys, read and decrypted before any connection, so that a wrong passphrase costs no failed login on a host; or an agent's. */
final class LoginKeys {

    /** sshd hangs up after six keys that are not the right one. */
    private static final int MOST = 5;

    private static final Duration AGENT = Duration.ofSeconds(10);

    private final Secrets secrets;
    private final @Nullable Reference passphrase;
    private final Map<Reference, KeyProvider> loaded = new ConcurrentHashMap<>();

    LoginKeys(Secrets secrets, @Nullable Reference passphrase) {
        this.secrets = secrets;
        this.passphrase = passphrase;
    }

    /** Ways to log in, to be tried in turn: one key, or those of an agent. */
    List<AuthMethod> logins(Reference reference) {
        return reference.scheme().equals("agent") ? ofAgent(reference) : List.of(new AuthPublickey(load(reference)));
    }

    private KeyProvider load(Reference reference) {
        return loaded.computeIfAbsent(reference, this::read);
    }

    /** What it holds now: asked anew for each login, since keys come and go. */
    private List<AuthMethod> ofAgent(Reference reference) {
        SshAgent agent = new SshAgent(secrets.socket(reference), AGENT);
        try {
            List<PublicKey> held = agent.keys();
            if (held.isEmpty()) {
                throw unusable(reference, "holds no key that can be used", "ssh-add the key where the worker runs");
            }
            return held.stream()
                    .limit(MOST)
                    .map(key -> (AuthMethod) new AgentLogin(agent, key))
                    .toList();
        } catch (IOException e) {
            throw unusable(
                    reference,
                    "does not answer: " + Objects.requireNonNullElse(e.getMessage(), "it is silent"),
                    "start ssh-agent where the worker runs, and the worker with its SSH_AUTH_SOCK");
        }
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
