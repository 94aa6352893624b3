package dev.belay.model.approval;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A public key as a line of {@code authorized_keys} has it: {@code ssh-ed25519 AAAA… comment}. Formats: RFC 4253 section 6.6, RFC 5656, RFC 8709.
 */
public final class SshKey {

    static final String ED25519 = "ssh-ed25519";
    static final String RSA = "ssh-rsa";
    static final String ECDSA = "ecdsa-sha2-";

    /** What a key's type may be. */
    public static final List<String> TYPES = List.of(
            ED25519, RSA, ECDSA + Curve.NISTP256.text(), ECDSA + Curve.NISTP384.text(), ECDSA + Curve.NISTP521.text());

    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 16_384;
    private static final int ED25519_BYTES = 32;
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String type;
    private final byte[] blob;
    private final PublicKey key;
    private final @Nullable Curve curve;

    private SshKey(String type, byte[] blob, PublicKey key, @Nullable Curve curve) {
        this.type = type;
        this.blob = blob;
        this.key = key;
        this.curve = curve;
    }

    /**
     * A key of one line.
     *
     * @throws IllegalArgumentException in words
     */
    public static SshKey parse(String line) {
        if (line.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "this is a private key, which belongs in no inventory: take it as known to others,"
                            + " make a new one, and list the line of its .pub file");
        }
        String[] words = line.strip().split("\\s+", 3);
        if (!TYPES.contains(words[0])) {
            throw new IllegalArgumentException(
                    "\"" + words[0] + "\" is no type of key that can sign here; there are " + String.join(", ", TYPES));
        }
        SshKey key = of(decoded(words.length < 2 ? "" : words[1]));
        if (!key.type.equals(words[0])) {
            throw new IllegalArgumentException("the key says " + words[0] + " and is " + key.type);
        }
        return key;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the key is no base64", e);
        }
    }

    /** A key as it stands in a signature. */
    static SshKey of(byte[] blob) {
        WireReader reader = new WireReader("the key", blob);
        String type = reader.text();
        try {
            SshKey key = read(type, blob, reader);
            reader.end();
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is no " + type + " key", e);
        }
    }

    private static SshKey read(String type, byte[] blob, WireReader reader) throws GeneralSecurityException {
        if (type.equals(ED25519)) {
            return new SshKey(type, blob, edwards(reader.string()), null);
        }
        if (type.equals(RSA)) {
            return new SshKey(type, blob, rsa(reader.positive(), reader.positive()), null);
        }
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException("keys of type \"" + type + "\" do not count");
        }
        Curve curve = curve(type, reader.text());
        return new SshKey(type, blob, curve.key(reader.string()), curve);
    }

    private static Curve curve(String type, String name) {
        if (!type.equals(ECDSA + name)) {
            throw new IllegalArgumentException("the key says " + type + " and is of the curve " + name);
        }
        return Curve.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static PublicKey edwards(byte[] point) throws GeneralSecurityException {
        if (point.length != ED25519_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + point.length);
        }
        byte[] encoded = new WireWriter().fixed(ED25519_PREFIX).fixed(point).bytes();
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static PublicKey rsa(BigInteger exponent, BigInteger modulus) throws GeneralSecurityException {
        if (modulus.bitLength() < SHORTEST_RSA || modulus.bitLength() > LONGEST_RSA) {
            throw new IllegalArgumentException("an RSA key should have " + SHORTEST_RSA + " to " + LONGEST_RSA
                    + " bits, not " + modulus.bitLength());
        }
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    public String type() {
        return type;
    }

    /** As {@code ssh-keygen -l} prints it. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Type and base64, without a comment. */
    public String line() {
        return type + " " + Base64.getEncoder().encodeToString(blob);
    }

    PublicKey key() {
        return key;
    }

    @Nullable
    Curve curve() {
        return curve;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SshKey that && Arrays.equals(blob, that.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return type + " " + fingerprint();
    }
}
