package dev.belay.model.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The text of a file that may be given to a parser: UTF-8, printable, lines that end with a line feed. */
record SourceText(String text, List<String> lines) {

    /** Empty when the bytes are not such a text; the problem then says where. */
    static Optional<SourceText> decode(byte[] content, Problems problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(content.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            problems.add(end(text), "not-utf8", "this is not UTF-8 text");
            return Optional.empty();
        }
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return isPrintable(bare, problems)
                ? Optional.of(new SourceText(bare, List.of(bare.split("\r?\n", -1))))
                : Optional.empty();
    }

    /** The character at a place; 0 when there is none. */
    char at(Position position) {
        String rest = from(position);
        return rest.isEmpty() ? 0 : rest.charAt(0);
    }

    /** The rest of the line from a place on. */
    String from(Position position) {
        if (position.line() < 1 || position.line() > lines.size()) {
            return "";
        }
        String line = lines.get(position.line() - 1);
        int skipped = Math.min(position.column() - 1, line.codePointCount(0, line.length()));
        return line.substring(line.offsetByCodePoints(0, Math.max(0, skipped)));
    }

    private static boolean isPrintable(String text, Problems problems) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            boolean lineEnd = c == '\n' || (c == '\r' && text.startsWith("\r\n", i));
            if (!lineEnd && c != '\t' && !isPrintable(c)) {
                String name = String.format("U+%04X", c);
                problems.add(
                        end(text.substring(0, i)), "unprintable", "the character " + name + " may not stand in a file");
                return false;
            }
        }
        return true;
    }

    /** YAML's own set, without the line separators that editors do not count as such. */
    private static boolean isPrintable(int c) {
        boolean basic = (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD);
        return (basic || c >= 0x10000) && c != 0x2028 && c != 0x2029 && c != 0xFEFF;
    }

    private static Position end(String text) {
        int lineStart = text.lastIndexOf('\n') + 1;
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return new Position(line, 1 + text.codePointCount(lineStart, text.length()));
    }
}
