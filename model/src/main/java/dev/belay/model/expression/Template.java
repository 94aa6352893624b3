package dev.belay.model.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Text with {@code ${{ }}} references, cut into its parts. A reference ends at the first pair of closing braces that is not inside quotes.
 *
 * @param parts in order; text between references is a part of its own
 */
record Template(List<Part> parts) {

    private static final String OPEN = "${{";
    private static final String CLOSE = "}}";

    /**
     * A piece of text, or an expression.
     *
     * @param offset of {@code text} in the template
     */
    record Part(boolean isExpression, String text, int offset) {}

    Template {
        parts = List.copyOf(parts);
    }

    /** Says whether the text is wholly one reference, whose type it then keeps. */
    boolean isOneExpression() {
        return parts.size() == 1 && parts.get(0).isExpression();
    }

    boolean hasExpressions() {
        return parts.stream().anyMatch(Part::isExpression);
    }

    /** @throws UnclosedReference when a reference never ends */
    static Template parse(String text) throws UnclosedReference {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf(OPEN, at);
            int end = open < 0 ? text.length() : open;
            if (end > at) {
                parts.add(new Part(false, text.substring(at, end), at));
            }
            if (open < 0) {
                break;
            }
            int close = close(text, open + OPEN.length());
            if (close < 0) {
                throw new UnclosedReference(open);
            }
            parts.add(new Part(true, text.substring(open + OPEN.length(), close), open + OPEN.length()));
            at = close + CLOSE.length();
        }
        return new Template(parts);
    }

    private static int close(String text, int from) {
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && text.startsWith(CLOSE, i)) {
                return i;
            } else if (quote == 0 && (c == '\'' || c == '"' || c == '`')) {
                quote = c;
            } else if (quote != 0 && c == '\\') {
                i++;
            } else if (c == quote) {
                quote = 0;
            }
        }
        return -1;
    }

    /** A reference without its end. */
    static final class UnclosedReference extends Exception {

        private static final long serialVersionUID = 1L;

        private final int offset;

        UnclosedReference(int offset) {
            super("\"${{\" is never closed with \"}}\"");
            this.offset = offset;
        }

        int offset() {
            return offset;
        }
    }
}
