package dev.belay.model.approval;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes what SSH puts on the wire. */
final class WireWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    WireWriter fixed(byte[] part) {
        bytes.writeBytes(part);
        return this;
    }

    WireWriter string(byte[] part) {
        return fixed(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array())
                .fixed(part);
    }

    WireWriter string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
