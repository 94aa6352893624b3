package dev.belay.activities.steps.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what {@link TarWriter} writes: regular files by their path with a leading slash; links are left to the manifest beside it. */
final class TarReader {

    private static final int BLOCK = 512;

    private final InputStream source;

    TarReader(InputStream source) {
        this.source = source;
    }

    Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String longName = "";
        while (true) {
            byte[] header = source.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                return files;
            }
            byte[] content = content(size(header));
            if (header[156] == 'x') {
                longName = path(content, longName);
            } else {
                if (header[156] == '0') {
                    files.put("/" + (longName.isEmpty() ? text(header, 0, 100) : longName), content);
                }
                longName = "";
            }
        }
    }

    private byte[] content(int size) throws IOException {
        byte[] content = source.readNBytes(size);
        source.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if (content.length < size) {
            throw new IOException("the archive ends in the middle of a file");
        }
        return content;
    }

    private static int size(byte[] header) throws IOException {
        try {
            return Integer.parseInt(text(header, 124, 12).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("not an archive of ours: " + e.getMessage(), e);
        }
    }

    private static String path(byte[] records, String before) {
        for (String line : new String(records, StandardCharsets.UTF_8).lines().toList()) {
            int at = line.indexOf(" path=");
            if (at > 0) {
                return line.substring(at + " path=".length());
            }
        }
        return before;
    }

    private static String text(byte[] block, int from, int most) {
        int to = from;
        while (to < from + most && block[to] != 0) {
            to++;
        }
        return new String(block, from, to - from, StandardCharsets.UTF_8);
    }
}
