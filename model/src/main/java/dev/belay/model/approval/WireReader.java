package dev.belay.model.approval;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what SSH puts on the wire: numbers, and strings with their length before them (RFC 4251, section 5). Refuses in words. */
final class WireReader {

    private final String what;
    private final ByteBuffer bytes;

    /** {@code what} begins the refusals: {@code the signature}. */
    WireReader(String what, byte[] bytes) {
        this.what = what;
        this.bytes = ByteBuffer.wrap(bytes);
    }

    byte[] fixed(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException(what + " is cut short");
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    byte[] string() {
        return fixed(uint32());
    }

    String text() {
        return new String(string(), StandardCharsets.UTF_8);
    }

    int uint32() {
        return ByteBuffer.wrap(fixed(Integer.BYTES)).getInt();
    }

    BigInteger positive() {
        byte[] number = string();
        if (number.length == 0 || new BigInteger(number).signum() <= 0) {
            throw new IllegalArgumentException(what + " holds a number that is not positive");
        }
        return new BigInteger(number);
    }

    void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(what + " has " + bytes.remaining() + " bytes too many");
        }
    }
}
