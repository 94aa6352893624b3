package dev.belay.activities.steps.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code .sources} file (deb822, sources.list(5)): only the address in the URIs of the stanza that names the repository changes, to the
 * byte. Its Signed-By, be it a path or a key, its comments and every other stanza stay. Without such a stanza one is added at the end.
 */
record SourceStanzas(RepositoryName name, String keyring) implements SourceFormat {

    private static final Pattern LINE_ENDS = Pattern.compile("(?<=\n)");
    private static final Set<String> OFF = Set.of("no", "false", "without", "off", "disable");
    private static final Pattern FIELD = Pattern.compile("([!-9;-~&&[^#-]][!-9;-~]*)[ \\t]*:(.*)", Pattern.DOTALL);

    @Override
    public String rewritten(String present) {
        List<String> lines = new ArrayList<>(List.of(LINE_ENDS.split(present)));
        List<Stanza> ours = stanzas(lines).stream()
                .filter(stanza -> stanza.isOf(lines, name))
                .toList();
        if (ours.isEmpty()) {
            return added(present);
        }
        if (ours.stream().noneMatch(stanza -> stanza.names(lines, name.wanted()))) {
            ours.get(0).uris().ifPresent(uris -> turn(lines, uris));
        }
        return String.join("", lines);
    }

    private void turn(List<String> lines, Span uris) {
        boolean written = false;
        for (int at = uris.from(); at < uris.to(); at++) {
            String line = lines.get(at);
            if (isComment(line) || !name.isNamedIn(values(line))) {
                continue;
            }
            int start = line.length() - values(line).length();
            String turned = line.substring(0, start) + only(name.in(line.substring(start)), written);
            lines.set(at, turned.isBlank() ? "" : turned);
            written = true;
        }
    }

    /** The wanted address once, where several minors of the repository stood side by side. */
    private String only(String turned, boolean written) {
        Pattern again = Pattern.compile("(?:^|[ \\t]+)" + Pattern.quote(name.wanted()) + "(?!\\S)");
        Matcher found = again.matcher(turned);
        StringBuilder text = new StringBuilder();
        boolean kept = written;
        while (found.find()) {
            found.appendReplacement(text, kept ? "" : Matcher.quoteReplacement(found.group()));
            kept = true;
        }
        found.appendTail(text);
        return text.toString();
    }

    private String added(String present) {
        String end = present.isEmpty() || present.endsWith("\n") ? "" : "\n";
        return present + end + (present.isBlank() ? "" : "\n") + "Types: deb\nURIs: " + name.wanted()
                + "\nSuites: /\nSigned-By: " + keyring + "\n";
    }

    private static List<Stanza> stanzas(List<String> lines) {
        List<Stanza> stanzas = new ArrayList<>();
        Stanza open = new Stanza(new ArrayList<>());
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.isBlank()) {
                stanzas.add(open);
                open = new Stanza(new ArrayList<>());
            } else if (!isComment(line)) {
                open.take(line, at);
            }
        }
        stanzas.add(open);
        return stanzas;
    }

    private static boolean isComment(String line) {
        return line.startsWith("#");
    }

    /** What stands behind the field's name, or on a line that goes on with a field. */
    private static String values(String line) {
        Matcher field = FIELD.matcher(line);
        return !isContinued(line) && field.matches() ? field.group(2) : line;
    }

    private static boolean isContinued(String line) {
        return line.startsWith(" ") || line.startsWith("\t");
    }

    /** Lines of one field. */
    private record Span(String field, int from, int to) {}

    /** The fields of one stanza, in their order. */
    private record Stanza(List<Span> spans) {

        void take(String line, int at) {
            if (isContinued(line)) {
                extend(at);
                return;
            }
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                boolean oneLine = line.startsWith("deb ") || line.startsWith("deb-src ");
                throw new SourceUnreadable(
                        at + 1,
                        oneLine ? "is a one-line source, which apt reads only from a .list file" : "is no field");
            }
            String named = field.group(1).toLowerCase(Locale.ROOT);
            if (spans.stream().anyMatch(span -> span.field().equals(named))) {
                throw new SourceUnreadable(at + 1, "is a second " + field.group(1) + " in one stanza");
            }
            spans.add(new Span(named, at, at + 1));
        }

        private void extend(int at) {
            if (spans.isEmpty()) {
                throw new SourceUnreadable(at + 1, "continues no field");
            }
            Span last = spans.remove(spans.size() - 1);
            spans.add(new Span(last.field(), last.from(), at + 1));
        }

        Optional<Span> uris() {
            return field("uris");
        }

        /** It is of packages, switched on, and has the repository of some minor among its addresses. */
        boolean isOf(List<String> lines, RepositoryName name) {
            boolean packages = words(lines, "types").contains("deb");
            boolean off = words(lines, "enabled").stream()
                    .map(word -> word.toLowerCase(Locale.ROOT))
                    .anyMatch(OFF::contains);
            return packages && !off && words(lines, "uris").stream().anyMatch(name::isNamedIn);
        }

        boolean names(List<String> lines, String address) {
            return words(lines, "uris").contains(address);
        }

        private Optional<Span> field(String named) {
            return spans.stream().filter(span -> span.field().equals(named)).findFirst();
        }

        private List<String> words(List<String> lines, String named) {
            List<String> words = new ArrayList<>();
            field(named).ifPresent(span -> lines.subList(span.from(), span.to()).stream()
                    .filter(line -> !isComment(line))
                    .flatMap(line -> List.of(values(line).strip().split("\\s+", -1)).stream())
                    .forEach(words::add));
            return words;
        }
    }
}
