package dev.belay.model.diagnosis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which known failures a text shows. What no rule knows stays unknown: there is no cause then, and {@code summary} says so.
 *
 * @param causes the likeliest first
 * @param harmless lines that look bad and mean nothing
 * @param summary one sentence
 */
public record Diagnosis(List<Cause> causes, List<Harmless> harmless, String summary) {

    /** The longest line that is looked at, in characters; the rest of a longer one is passed over. */
    public static final int LONGEST_LINE = 4_000;

    private static final int EVIDENCE = 5;
    private static final int QUOTED = 400;
    /** What follows from a cause that was found is half as likely a cause of its own. */
    private static final double EXPLAINED = 0.5;

    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

    /**
     * One known failure.
     *
     * @param confidence above 0 and up to 1
     * @param evidence the first lines of the text that show it
     * @param explainedBy ids of causes above it that it follows from
     */
    public record Cause(
            String id,
            String title,
            String explanation,
            double confidence,
            List<String> evidence,
            List<String> explainedBy,
            List<String> next,
            String remedy,
            String risk,
            List<String> sources) {}

    /** A known message that means nothing. */
    public record Harmless(String id, String title, String explanation, List<String> evidence) {}

    private record Match(Rule rule, double confidence, List<String> evidence) {}

    /** A log that quotes a message writes its quotation marks as {@code \"}; it is read without. */
    private record Line(String written, String read) {

        static Line of(String line) {
            String written = cut(line, LONGEST_LINE);
            return new Line(written, written.replace("\\\"", "\""));
        }
    }

    /** Looks through a text, line by line. */
    public static Diagnosis of(String text, Rules rules) {
        List<Line> left = new ArrayList<>(
                COLOURS.matcher(text).replaceAll("").lines().map(Line::of).toList());
        List<Harmless> harmless = new ArrayList<>();
        for (Rule rule : rules.harmless()) {
            match(rule, text, left).ifPresent(match -> {
                harmless.add(new Harmless(rule.id(), rule.title(), rule.explanation(), match.evidence()));
                left.removeIf(line -> rule.signs().stream().anyMatch(sign -> sign.isOn(line.read())));
            });
        }
        Map<String, Match> found = new LinkedHashMap<>();
        rules.causes().forEach(rule -> match(rule, text, left).ifPresent(match -> found.put(rule.id(), match)));
        List<Cause> causes = found.values().stream()
                .map(match -> cause(match, explainers(match.rule().id(), found)))
                .sorted(Comparator.comparingDouble(Cause::confidence)
                        .reversed()
                        .thenComparing(cause -> cause.explainedBy().size())
                        .thenComparing(Cause::id))
                .toList();
        return new Diagnosis(causes, harmless, summary(causes, harmless));
    }

    private static Optional<Match> match(Rule rule, String text, List<Line> lines) {
        double confidence = 0;
        Set<String> evidence = new LinkedHashSet<>();
        for (Sign sign : rule.signs()) {
            List<String> shown = lines.stream()
                    .filter(line -> sign.isOn(line.read()))
                    .map(line -> cut(line.written().strip(), QUOTED))
                    .distinct()
                    .limit(EVIDENCE)
                    .toList();
            if (!shown.isEmpty() && sign.countsIn(text)) {
                confidence = Math.max(confidence, sign.confidence());
                evidence.addAll(shown);
            }
        }
        return evidence.isEmpty()
                ? Optional.empty()
                : Optional.of(new Match(
                        rule, confidence, evidence.stream().limit(EVIDENCE).toList()));
    }

    /** Those that were found and from which this one follows, through others too. */
    private static List<Match> explainers(String id, Map<String, Match> found) {
        Set<String> reached = new LinkedHashSet<>(List.of(id));
        List<Match> explainers = new ArrayList<>();
        List<Match> nearer = List.of();
        do {
            nearer = found.values().stream()
                    .filter(match -> !reached.contains(match.rule().id()))
                    .filter(match -> match.rule().explains().stream().anyMatch(reached::contains))
                    .toList();
            nearer.forEach(match -> reached.add(match.rule().id()));
            explainers.addAll(nearer);
        } while (!nearer.isEmpty());
        return explainers;
    }

    private static Cause cause(Match match, List<Match> explainers) {
        Rule rule = match.rule();
        return new Cause(
                rule.id(),
                rule.title(),
                rule.explanation(),
                confidence(match, explainers),
                match.evidence(),
                explainers.stream().map(each -> each.rule().id()).toList(),
                rule.next(),
                rule.remedy(),
                rule.risk(),
                rule.sources());
    }

    private static double confidence(Match match, List<Match> explainers) {
        if (explainers.isEmpty()) {
            return match.confidence();
        }
        double above = explainers.stream().mapToDouble(Match::confidence).max().orElseThrow();
        return Math.min(match.confidence(), above * EXPLAINED);
    }

    private static String summary(List<Cause> causes, List<Harmless> harmless) {
        if (!causes.isEmpty()) {
            return causes.get(0).title();
        }
        return harmless.isEmpty()
                ? "No rule knows what this text shows: the cause is unknown."
                : "This text shows nothing that a rule knows as a failure; what looks bad in it is known as harmless.";
    }

    private static String cut(String line, int length) {
        return line.length() <= length ? line : line.substring(0, length);
    }
}
