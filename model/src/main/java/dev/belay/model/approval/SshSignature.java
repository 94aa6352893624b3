package dev.belay.model.approval;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signature as {@code ssh-keygen -Y sign} makes it. Format: OpenSSH's PROTOCOL.sshsig. Without I/O, and the
 * same everywhere: it is judged inside a workflow.
 */
public final class SshSignature {

    /** Of every signature that approves: one made for another purpose never does. */
    public static final String NAMESPACE = "belay-approval";

    private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
    private static final String END = "-----END SSH SIGNATURE-----";
    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final Map<String, String> HASHES = Map.of("sha256", "SHA-256", "sha512", "SHA-512");
    private static final Map<String, String> RSA_ALGORITHMS =
            Map.of("rsa-sha2-256", "SHA256withRSA", "rsa-sha2-512", "SHA512withRSA");

    private final SshKey key;
    private final String namespace;
    private final String hash;
    private final byte[] blob;

    private SshSignature(SshKey key, String namespace, String hash, byte[] blob) {
        this.key = key;
        this.namespace = namespace;
        this.hash = hash;
        this.blob = blob;
    }

    /**
     * What stands between BEGIN and END.
     *
     * @throws IllegalArgumentException in words
     */
    public static SshSignature parse(String armoured) {
        WireReader reader = new WireReader("the signature", unarmoured(armoured.strip()));
        if (!Arrays.equals(reader.fixed(MAGIC.length), MAGIC) || reader.uint32() != VERSION) {
            throw new IllegalArgumentException("the signature is not of OpenSSH's format, version 1");
        }
        SshKey key = SshKey.of(reader.string());
        String namespace = reader.text();
        reader.string();
        SshSignature signature = new SshSignature(key, namespace, reader.text(), reader.string());
        reader.end();
        return signature;
    }

    private static byte[] unarmoured(String text) {
        if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length() < BEGIN.length() + END.length()) {
            throw new IllegalArgumentException("the signature should begin with " + BEGIN + " and end with " + END);
        }
        String body = text.substring(BEGIN.length(), text.length() - END.length());
        try {
            return Base64.getDecoder().decode(body.replace("\r", "").replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the signature is no base64", e);
        }
    }

    /** The key that it says it was made with. */
    public SshKey key() {
        return key;
    }

    /** Why it is no signature of this text by its key, for our purpose; null when it is. */
    public @Nullable String objection(String text) {
        String hashing = HASHES.get(hash);
        if (!namespace.equals(NAMESPACE)) {
            return "the signature is for the namespace \"" + namespace + "\" and not for " + NAMESPACE;
        }
        if (hashing == null) {
            return "the signature is over a hash \"" + hash + "\", neither sha256 nor sha512";
        }
        try {
            byte[] digest = MessageDigest.getInstance(hashing).digest(text.getBytes(StandardCharsets.UTF_8));
            WireWriter signed = new WireWriter().fixed(MAGIC).string(namespace).string("");
            return verifies(signed.string(hash).string(digest).bytes())
                    ? null
                    : "the signature is over another text than what is asked here";
        } catch (GeneralSecurityException e) {
            return "the signature is no signature of a key of type " + key.type();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private boolean verifies(byte[] signed) throws GeneralSecurityException {
        WireReader reader = new WireReader("the signature", blob);
        String algorithm = reader.text();
        byte[] own = reader.string();
        reader.end();
        Signature check = Signature.getInstance(algorithm(algorithm));
        check.initVerify(key.key());
        check.update(signed);
        Curve curve = key.curve();
        return check.verify(curve == null ? own : curve.sideBySide(own));
    }

    private String algorithm(String named) {
        String rsa = RSA_ALGORITHMS.get(named);
        if (key.type().equals(SshKey.RSA) && rsa != null) {
            return rsa;
        }
        if (key.type().equals(SshKey.RSA) || !named.equals(key.type())) {
            throw new IllegalArgumentException("the signature is by the algorithm \"" + named
                    + "\", which does not count for a key of type " + key.type());
        }
        Curve curve = key.curve();
        return curve == null ? "Ed25519" : curve.algorithm();
    }
}
