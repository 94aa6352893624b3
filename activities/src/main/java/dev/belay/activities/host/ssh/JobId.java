package dev.belay.activities.host.ssh;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A job's key as the name of its unit and folder: readable, safe whatever the key holds, and different for different keys. */
record JobId(String value) {

    private static final int READABLE = 80;

    static JobId of(String key) {
        String plain = key.replaceAll("[^A-Za-z0-9.]+", "-");
        String readable = plain.substring(0, Math.min(READABLE, plain.length()));
        return new JobId("belay-" + readable + "-"
                + sha256(key.getBytes(StandardCharsets.UTF_8)).substring(0, 16));
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
