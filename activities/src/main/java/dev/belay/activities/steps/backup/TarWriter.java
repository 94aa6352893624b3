package dev.belay.activities.steps.backup;

import dev.belay.activities.host.FileEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a POSIX tar (ustar, with a pax header where a name is longer than ustar holds): regular files and symbolic links with mode and
 * owner, names without the leading slash.
 */
final class TarWriter implements AutoCloseable {

    private static final int BLOCK = 512;
    private static final int NAME = 100;

    private final OutputStream sink;
    private final long modified;

    /**
     * @param modified seconds since 1970 for every entry
     */
    TarWriter(OutputStream sink, long modified) {
        this.sink = sink;
        this.modified = modified;
    }

    void file(FileEntry entry, byte[] content) throws IOException {
        add(entry, '0', "", content);
    }

    void link(FileEntry entry) throws IOException {
        add(entry, '2', entry.link(), new byte[0]);
    }

    /** Ends the archive; the stream underneath stays open. */
    @Override
    public void close() throws IOException {
        sink.write(new byte[2 * BLOCK]);
    }

    private void add(FileEntry entry, char type, String link, byte[] content) throws IOException {
        String name = entry.path().substring(1);
        StringBuilder pax = new StringBuilder();
        if (bytes(name).length > NAME) {
            pax.append(record("path", name));
        }
        if (bytes(link).length > NAME) {
            pax.append(record("linkpath", link));
        }
        if (pax.length() > 0) {
            byte[] records = bytes(pax.toString());
            header("pax/" + name, 'x', "", 0644, 0, 0, records.length);
            body(records);
        }
        header(
                name,
                type,
                link,
                entry.attributes().mode(),
                entry.attributes().uid(),
                entry.attributes().gid(),
                content.length);
        body(content);
    }

    private void header(String name, char type, String link, int mode, int uid, int gid, long size) throws IOException {
        byte[] block = new byte[BLOCK];
        put(block, 0, NAME, bytes(name));
        octal(block, 100, 8, mode & 07777);
        octal(block, 108, 8, uid);
        octal(block, 116, 8, gid);
        octal(block, 124, 12, size);
        octal(block, 136, 12, modified);
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        put(block, 157, NAME, bytes(link));
        put(block, 257, 8, new byte[] {'u', 's', 't', 'a', 'r', 0, '0', '0'});
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        octal(block, 148, 7, sum);
        sink.write(block);
    }

    private void body(byte[] content) throws IOException {
        sink.write(content);
        sink.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static String record(String key, String value) {
        int rest = bytes(" " + key + "=" + value + "\n").length;
        int length = rest + String.valueOf(rest).length();
        length = rest + String.valueOf(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    private static void put(byte[] block, int at, int most, byte[] value) {
        System.arraycopy(value, 0, block, at, Math.min(most, value.length));
    }

    private static void octal(byte[] block, int at, int width, long value) {
        String digits = Long.toOctalString(value);
        put(block, at, width - 1, bytes("0".repeat(Math.max(0, width - 1 - digits.length())) + digits));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
