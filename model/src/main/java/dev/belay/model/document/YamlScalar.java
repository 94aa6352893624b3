package dev.belay.model.document;

import org.jspecify.annotations.Nullable;

/**
 * Text, a number, true or false, or nothing.
 *
 * @param start where the text itself begins (behind a quote), when it stands in one line as it is; null when it is folded or escaped
 */
public record YamlScalar(
        Position at, String text, Kind kind, @Nullable Position start) implements Yaml {

    /** Only what JSON has: {@code yes} and {@code 012} are text. */
    public enum Kind {
        TEXT,
        INTEGER,
        FRACTION,
        BOOLEAN,
        NOTHING,
        /** An alias, which is refused and not followed: nothing more is said of it. */
        REFUSED
    }

    public boolean isText() {
        return kind == Kind.TEXT;
    }

    /** The place of a character of the text; the value's own place when it cannot be told. */
    public Position at(int offset) {
        return start == null ? at : start.right(text.codePointCount(0, Math.min(offset, text.length())));
    }

    @Override
    public String shown() {
        String cut = text.length() <= 80 ? text : text.substring(0, 77) + "...";
        return switch (kind) {
            case TEXT -> "\"" + cut + "\"" + (YamlText.plain(text) == Kind.TEXT ? "" : ", which is text, in quotes");
            case NOTHING -> "nothing";
            case INTEGER, FRACTION, BOOLEAN, REFUSED -> cut;
        };
    }
}
