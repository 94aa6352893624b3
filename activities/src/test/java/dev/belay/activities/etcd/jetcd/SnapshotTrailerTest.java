package dev.belay.activities.etcd.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTrailerTest {

    private static final ByteString CONTENT = ByteString.copyFromUtf8("what etcd keeps, ".repeat(100));

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 31, 32, 33, 64, 512, 100_000})
    void itHoldsHoweverTheStreamIsCut(int chunk) throws NoSuchAlgorithmException {
        ByteString file = whole();

        SnapshotTrailer trailer = followed(file, chunk);

        assertThat(trailer.holds()).isTrue();
        assertThat(trailer.bytes()).isEqualTo(file.size());
        assertThat(trailer.sha256Hex()).isEqualTo(HexFormat.of().formatHex(sha256(file)));
    }

    @Test
    void oneOtherByteIsSeen() throws NoSuchAlgorithmException {
        byte[] file = whole().toByteArray();
        file[500] ^= 1;

        assertThat(followed(ByteString.copyFrom(file), 100).holds()).isFalse();
    }

    @Test
    void aStreamThatEndsEarlyIsSeen() throws NoSuchAlgorithmException {
        ByteString file = whole();

        assertThat(followed(file.substring(0, file.size() - 1), 100).holds()).isFalse();
        assertThat(followed(file.substring(0, file.size() - 512), 100).holds()).isFalse();
        assertThat(followed(file.substring(0, 20), 100).holds()).isFalse();
        assertThat(new SnapshotTrailer().holds()).isFalse();
    }

    private static SnapshotTrailer followed(ByteString file, int chunk) {
        SnapshotTrailer trailer = new SnapshotTrailer();
        for (int at = 0; at < file.size(); at += chunk) {
            trailer.add(file.substring(at, Math.min(file.size(), at + chunk)));
        }
        return trailer;
    }

    private static ByteString whole() throws NoSuchAlgorithmException {
        return CONTENT.concat(ByteString.copyFrom(sha256(CONTENT)));
    }

    private static byte[] sha256(ByteString of) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(of.toByteArray());
    }
}
