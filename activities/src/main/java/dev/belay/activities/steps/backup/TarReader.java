package dev.belay.activities.steps.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads back what {@link TarWriter} wrote: contents of regular files by absolute path. */
final class TarReader {

    private static final int BLOCK = 512;
    private static final int LARGEST = 64 << 20;

    private final InputStream source;

    TarReader(InputStream source) {
        this.source = source;
    }

    /** All of them; anything that is not such an archive, or is cut off, is an {@link IOException}. */
    Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String longName = "";
        for (byte[] header = block(); header[0] != 0; header = block()) {
            byte[] body = body(header);
            if (header[156] == 'x') {
                longName = pax(body);
                continue;
            }
            String name = longName.isEmpty() ? text(header, 0, 100) : longName;
            longName = "";
            if (header[156] == '0') {
                files.put("/" + name, body);
            }
        }
        return files;
    }

    private byte[] body(byte[] header) throws IOException {
        long size = octal(header, 124, 12);
        if (size < 0 || size > LARGEST) {
            throw new IOException("an entry says it has " + size + " bytes");
        }
        byte[] body = exactly((int) size);
        exactly((BLOCK - (int) size % BLOCK) % BLOCK);
        return body;
    }

    private byte[] block() throws IOException {
        byte[] block = exactly(BLOCK);
        if (block[0] != 0 && !text(block, 257, 5).equals("ustar")) {
            throw new IOException("this is no tar archive");
        }
        return block;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = source.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException("the archive is cut off");
        }
        return bytes;
    }

    /** The path of a pax header; empty when it has none. */
    private static String pax(byte[] body) throws IOException {
        int at = 0;
        while (at < body.length) {
            int space = at;
            while (space < body.length && body[space] != ' ') {
                space++;
            }
            int length = Integer.parseInt(text(body, at, space - at));
            if (length <= space - at || at + length > body.length) {
                throw new IOException("a pax header is damaged");
            }
            String record = new String(body, space + 1, length - (space - at) - 2, StandardCharsets.UTF_8);
            if (record.startsWith("path=")) {
                return record.substring("path=".length());
            }
            at += length;
        }
        return "";
    }

    private static long octal(byte[] block, int at, int width) throws IOException {
        String digits = text(block, at, width).strip();
        if (!digits.matches("[0-7]{1,12}")) {
            throw new IOException("a number of a tar header is \"" + digits.replaceAll("\\p{Cntrl}", "?") + "\"");
        }
        return Long.parseLong(digits, 8);
    }

    private static String text(byte[] block, int at, int most) {
        int end = at;
        while (end < at + most && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.UTF_8);
    }
}
