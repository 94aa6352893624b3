package dev.belay.twin.time;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;

/** Where all chance comes from: the same seed and purpose always give the same answer, whoever asks first. */
public record Seed(long value) {

    private static final String POD_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    /** A length of time between two bounds, in milliseconds. */
    public Duration between(Duration least, Duration most, String purpose) {
        long span = Math.max(1, most.toMillis() - least.toMillis());
        return least.plusMillis(Math.floorMod(number(purpose), span));
    }

    /** Any 64-bit number, to be read as unsigned. */
    public long number(String purpose) {
        return digest(purpose).getLong();
    }

    public String hex(String purpose, int digits) {
        return HexFormat.of().formatHex(digest(purpose).array()).substring(0, digits);
    }

    public String uuid(String purpose) {
        ByteBuffer bytes = digest(purpose);
        return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }

    /** A suffix as the API makes them for generated names. */
    public String suffix(String purpose, int letters) {
        byte[] bytes = digest(purpose).array();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            text.append(POD_LETTERS.charAt((bytes[i] & 0xff) % POD_LETTERS.length()));
        }
        return text.toString();
    }

    private ByteBuffer digest(String purpose) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
            return ByteBuffer.wrap(sha.digest(purpose.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
