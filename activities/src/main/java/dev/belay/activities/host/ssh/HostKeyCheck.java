package dev.belay.activities.host.ssh;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Verifies the key of one connection and remembers why it refused it: unknown, changed and revoked are three different stories. */
final class HostKeyCheck implements HostKeyVerifier {

    private final KnownHosts known;
    private final String host;
    private final int port;
    private volatile @Nullable StepFailure refusal;

    HostKeyCheck(KnownHosts known, String host, int port) {
        this.known = known;
        this.host = host;
        this.port = port;
    }

    Optional<StepFailure> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public boolean verify(String ignoredHost, int ignoredPort, PublicKey key) {
        refusal = judge(key);
        return refusal == null;
    }

    /** Steers negotiation to the types that are known; {@code ssh-rsa} is the name of the key, not of its signatures. */
    @Override
    public List<String> findExistingAlgorithms(String ignoredHost, int ignoredPort) {
        Stream<String> certificates = known.hasAuthorityFor(host, port)
                ? Stream.of(KeyType.values()).filter(t -> t.getParent() != null).map(KeyType::toString)
                : Stream.empty();
        Stream<String> plain = known.keysOf(host, port).stream()
                .map(KnownHosts.Line::type)
                .flatMap(type -> type.equals("ssh-rsa") ? Stream.of("rsa-sha2-512", "rsa-sha2-256") : Stream.of(type));
        return Stream.concat(certificates, plain).distinct().toList();
    }

    private @Nullable StepFailure judge(PublicKey key) {
        byte[] shown = encoded(key);
        if (isRevoked(key, shown)) {
            return refused(
                    "HOST_KEY_REVOKED",
                    "shows a key that " + known.source() + " revokes: " + fingerprint(shown),
                    "do not connect; give the host a new key");
        }
        if (isKnown(key, shown)) {
            return null;
        }
        List<KnownHosts.Line> expected = known.keysOf(host, port);
        return expected.isEmpty()
                ? refused(
                        "HOST_KEY_UNKNOWN",
                        "shows a key that " + known.source() + " does not know: " + fingerprint(shown),
                        "compare it with ssh-keygen -lf on the host's console, then add it to known_hosts")
                : refused(
                        "HOST_KEY_CHANGED",
                        "shows " + fingerprint(shown) + " where " + known.source() + " has " + fingerprints(expected)
                                + ": it was reinstalled, or somebody stands in between",
                        "find out which; only then replace its line in known_hosts");
    }

    private boolean isRevoked(PublicKey key, byte[] shown) {
        return known.isRevoked(host, port, shown)
                || (key instanceof Certificate<?> certificate
                        && known.isRevoked(host, port, certificate.getSignatureKey()));
    }

    private boolean isKnown(PublicKey key, byte[] shown) {
        if (key instanceof Certificate<?> certificate) {
            return known.authoritiesOf(host, port).stream().anyMatch(line -> line.holds(certificate.getSignatureKey()));
        }
        return known.keysOf(host, port).stream().anyMatch(line -> line.holds(shown));
    }

    private StepFailure refused(String code, String why, String next) {
        String name = port == 22 ? host : "[" + host + "]:" + port;
        return StepFailure.of(FailureKind.PERMANENT, code, name + " " + why, next);
    }

    private static String fingerprints(List<KnownHosts.Line> lines) {
        return lines.stream().map(line -> fingerprint(line.encoded())).collect(Collectors.joining(", "));
    }

    private static byte[] encoded(PublicKey key) {
        return new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    }

    /** As ssh-keygen -l prints it, with the type first. */
    static String fingerprint(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            String type = new Buffer.PlainBuffer(key).readString();
            return type + " SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException | Buffer.BufferException e) {
            return "an unreadable key";
        }
    }
}
