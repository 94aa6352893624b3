package dev.belay.activities.evidence;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What private keys are sealed with at rest: AES-256 in GCM, each with a nonce of its own and bound to the name it is kept under. */
public final class ArchiveKey {

    private static final byte[] MAGIC = "belay-sealed-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final String id;
    private final SecureRandom random = new SecureRandom();

    private ArchiveKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = identify(bytes);
    }

    /** Of 32 bytes, or of 64 hex digits with or without a line end. */
    public static ArchiveKey of(byte[] secret) {
        if (secret.length == KEY) {
            return new ArchiveKey(secret.clone());
        }
        String text = new String(secret, StandardCharsets.ISO_8859_1).strip();
        if (!text.matches("[0-9a-fA-F]{64}")) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_KEY",
                    "the inventory's backups.key is " + secret.length + " bytes and no key",
                    "make one of 32 bytes, or of 64 hex digits: `openssl rand -hex 32`");
        }
        return new ArchiveKey(HexFormat.of().parseHex(text));
    }

    /** Tells one key from another, and says nothing of it. */
    public String id() {
        return id;
    }

    public byte[] seal(String name, byte[] plain) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = transform(Cipher.ENCRYPT_MODE, name, nonce, plain);
        byte[] whole = Arrays.copyOf(MAGIC, MAGIC.length + NONCE + sealed.length);
        System.arraycopy(nonce, 0, whole, MAGIC.length, NONCE);
        System.arraycopy(sealed, 0, whole, MAGIC.length + NONCE, sealed.length);
        return whole;
    }

    public byte[] unseal(String name, byte[] whole) {
        int start = MAGIC.length + NONCE;
        if (whole.length < start || !Arrays.equals(Arrays.copyOf(whole, MAGIC.length), MAGIC)) {
            throw unopened(name);
        }
        byte[] nonce = Arrays.copyOfRange(whole, MAGIC.length, start);
        return transform(Cipher.DECRYPT_MODE, name, nonce, Arrays.copyOfRange(whole, start, whole.length));
    }

    private byte[] transform(int mode, String name, byte[] nonce, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(content);
        } catch (AEADBadTagException e) {
            throw unopened(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES in GCM", e);
        }
    }

    private StepFailure unopened(String name) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "SEALED",
                name + " cannot be opened with the key " + id + ": it was sealed with another one, or changed since",
                "let the inventory's backups.key be the one it was made with");
    }

    private static String identify(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("belay backups.key ".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(bytes)).substring(0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "ArchiveKey[" + id + "]";
    }
}
