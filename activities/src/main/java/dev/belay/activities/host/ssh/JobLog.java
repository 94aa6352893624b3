package dev.belay.activities.host.ssh;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A job's output as it arrives: its length (the offset to go on from), the hash of all of it, and its last 64 KB. */
final class JobLog extends OutputStream {

    private static final int KEPT = 64 * 1024;

    private final MessageDigest digest = JobId.digest();
    private final byte[] ring = new byte[KEPT];
    private long length;

    @Override
    public synchronized void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
        digest.update(bytes, offset, count);
        for (int i = 0; i < count; i++) {
            ring[(int) ((length + i) % KEPT)] = bytes[offset + i];
        }
        length += count;
    }

    synchronized long length() {
        return length;
    }

    /** Ends the hash: asked once, when everything has arrived. */
    synchronized String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The end of it, from the first whole character that was kept. */
    synchronized String tail() {
        int size = (int) Math.min(length, KEPT);
        byte[] kept = new byte[size];
        for (int i = 0; i < size; i++) {
            kept[i] = ring[(int) ((length - size + i) % KEPT)];
        }
        int from = 0;
        while (length > KEPT && from < 3 && (kept[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(kept, from, size - from, StandardCharsets.UTF_8);
    }
}
