package dev.belay.model.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.belay.model.document.YamlScalar.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads one YAML document into a tree with places. Anchors, aliases, merge keys and tags are refused where they stand and never followed,
 * so nothing can expand; size and depth are bounded before and while parsing.
 */
public final class YamlText {

    /** Largest file, in bytes. */
    public static final int LARGEST = 1 << 20;

    private static final int DEEPEST = 16;
    private static final YAMLFactory FACTORY = new YAMLFactory();
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern FRACTION = Pattern.compile("-?[0-9]+\\.[0-9]+([eE][-+]?[0-9]+)?");

    private final SourceText source;
    private final YAMLParser parser;
    private final Problems problems;
    private final Set<String> refused = new HashSet<>();

    private YamlText(SourceText source, YAMLParser parser, Problems problems) {
        this.source = source;
        this.parser = parser;
        this.problems = problems;
    }

    /** The tree; empty when there is none worth looking at. What is wrong is in {@code problems}. */
    public static Optional<Yaml> parse(byte[] content, Problems problems) {
        if (content.length > LARGEST) {
            String message = "the file has " + content.length + " bytes; at most " + LARGEST + " (1 MiB) are read";
            problems.add(Position.FILE, "too-large", message);
            return Optional.empty();
        }
        return SourceText.decode(content, problems).flatMap(source -> parse(source, problems));
    }

    private static Optional<Yaml> parse(SourceText source, Problems problems) {
        try (YAMLParser parser = FACTORY.createParser(source.text())) {
            return new YamlText(source, parser, problems).document();
        } catch (TooDeep e) {
            problems.add(e.at, "too-deep", "values are nested more than " + DEEPEST + " deep");
        } catch (JsonProcessingException e) {
            syntax(e, problems);
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory has no I/O", e);
        }
        return Optional.empty();
    }

    private Optional<Yaml> document() throws IOException, TooDeep {
        JsonToken first = parser.nextToken();
        if (first == null) {
            problems.add(Position.FILE, "empty", "the file is empty");
            return Optional.empty();
        }
        Yaml root = value(first, 1);
        if (parser.nextToken() != null) {
            problems.add(position(), "more-documents", "a file holds one document; a second one begins here");
        }
        return Optional.of(root);
    }

    private Yaml value(JsonToken token, int depth) throws IOException, TooDeep {
        Position at = position();
        if (depth > DEEPEST) {
            throw new TooDeep(at);
        }
        boolean alias = refuseDecorations(at);
        if (token == JsonToken.START_OBJECT) {
            return map(at, depth);
        }
        if (token == JsonToken.START_ARRAY) {
            return list(at, depth);
        }
        return alias ? new YamlScalar(at, "", Kind.REFUSED, null) : scalar(at);
    }

    private YamlList list(Position at, int depth) throws IOException, TooDeep {
        List<Yaml> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token, depth + 1));
        }
        return new YamlList(at, elements);
    }

    private YamlMap map(Position at, int depth) throws IOException, TooDeep {
        List<YamlMap.Entry> entries = new ArrayList<>();
        Map<String, Position> seen = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            YamlScalar key = key(seen);
            entries.add(new YamlMap.Entry(key, orKey(key, value(parser.nextToken(), depth + 1))));
        }
        return new YamlMap(at, entries);
    }

    /** What is left out has no place but its key's. */
    private static Yaml orKey(YamlScalar key, Yaml value) {
        boolean leftOut = value instanceof YamlScalar scalar
                && scalar.kind() == Kind.NOTHING
                && scalar.text().isEmpty();
        return leftOut ? new YamlScalar(key.at(), "", Kind.NOTHING, null) : value;
    }

    private YamlScalar key(Map<String, Position> seen) throws IOException {
        YamlScalar key = scalar(position());
        refuseDecorations(key.at());
        Position before = seen.putIfAbsent(key.text(), key.at());
        if (before != null) {
            String message = "\"" + key.text() + "\" stands here a second time; the first is in line " + before.line();
            problems.add(key.at(), "duplicate-key", message);
        }
        if (key.text().equals("<<")) {
            problems.add(key.at(), "merge-key", "merge keys (<<) are not read: write the keys out");
        }
        return key;
    }

    /** Plain text cannot begin with these characters, so what stands there is no text. */
    private boolean refuseDecorations(Position at) {
        char c = source.at(at);
        if (c == '&') {
            refuse(
                    at,
                    "anchor",
                    "anchors (&) are not read, here or further down: write the value out where it is needed");
        } else if (c == '!') {
            problems.add(at, "tag", "tags (!) are not read: the place of a value gives it its type");
        } else if (c == '*') {
            refuse(
                    at,
                    "alias",
                    "aliases (*) are not read, here or further down: write the value out where it is needed");
        }
        return c == '*';
    }

    /** Where the first one stands: who writes one writes many. */
    private void refuse(Position at, String rule, String message) {
        if (refused.add(rule)) {
            problems.add(at, rule, message);
        }
    }

    private YamlScalar scalar(Position at) throws IOException {
        String text = parser.getText();
        char quote = source.at(at);
        boolean quoted = quote == '\'' || quote == '"' || quote == '|' || quote == '>';
        Position start = quoted ? at.right(1) : at;
        boolean verbatim = source.from(start).startsWith(text);
        return new YamlScalar(at, text, quoted ? Kind.TEXT : plain(text), verbatim ? start : null);
    }

    /** What plain text is taken for. */
    static Kind plain(String text) {
        if (text.isEmpty() || text.equals("~") || text.equals("null")) {
            return Kind.NOTHING;
        }
        if (text.equals("true") || text.equals("false")) {
            return Kind.BOOLEAN;
        }
        if (INTEGER.matcher(text).matches()) {
            return Kind.INTEGER;
        }
        return FRACTION.matcher(text).matches() ? Kind.FRACTION : Kind.TEXT;
    }

    private Position position() {
        return position(parser.currentTokenLocation());
    }

    private static Position position(@Nullable JsonLocation location) {
        return location == null
                ? Position.FILE
                : new Position(Math.max(0, location.getLineNr()), Math.max(0, location.getColumnNr()));
    }

    private static void syntax(JsonProcessingException failure, Problems problems) {
        Throwable cause = failure.getCause();
        if (cause instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            Mark mark = marked.getProblemMark();
            String context = marked.getContext() == null ? "" : marked.getContext() + ": ";
            Position at = new Position(mark.getLine() + 1, mark.getColumn() + 1);
            problems.add(at, "yaml", "this is not YAML: " + context + marked.getProblem());
            return;
        }
        String message = String.valueOf(failure.getOriginalMessage());
        String words = message.startsWith("Expected a field name") ? "a key should be text by itself" : message;
        problems.add(position(failure.getLocation()), "yaml", "this is not YAML as it is read here: " + words);
    }

    /** Ends the reading of a file that is nested without end. */
    private static final class TooDeep extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Position at;

        TooDeep(Position at) {
            super("nested too deep");
            this.at = at;
        }
    }
}
