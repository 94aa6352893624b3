package dev.belay.activities.etcd.jetcd;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Follows a snapshot as it streams by: its last 32 bytes are the sha256 of all before them, and neither the client nor
 * {@code etcdutl snapshot status} looks at it.
 */
final class SnapshotTrailer {

    private static final int LENGTH = 32;

    private final MessageDigest content = sha256();
    private ByteString tail = ByteString.EMPTY;
    private long bytes;

    void add(ByteString chunk) {
        bytes += chunk.size();
        ByteString held = tail.concat(chunk);
        int settled = Math.max(0, held.size() - LENGTH);
        held.substring(0, settled).asReadOnlyByteBufferList().forEach(content::update);
        tail = ByteString.copyFrom(held.substring(settled).toByteArray());
    }

    long bytes() {
        return bytes;
    }

    boolean holds() {
        return MessageDigest.isEqual(soFar().digest(), tail.toByteArray());
    }

    /** Of the whole file, trailer included: the content is hashed once, and the trailer after it. */
    String sha256Hex() {
        return HexFormat.of().formatHex(soFar().digest(tail.toByteArray()));
    }

    private MessageDigest soFar() {
        try {
            return (MessageDigest) content.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of every JDK can be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
