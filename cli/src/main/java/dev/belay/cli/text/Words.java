package dev.belay.cli.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times, spans, counts and line breaks as people read them. */
public final class Words {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_AND_CLOCK =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern DYE = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    private static final Pattern SPACE = Pattern.compile(" ");

    private Words() {}

    public static String clock(Instant at) {
        return CLOCK.format(at);
    }

    public static String dayAndClock(Instant at) {
        return DAY_AND_CLOCK.format(at);
    }

    /** The two largest units: {@code 4s}, {@code 1m02s}, {@code 2h05m}, {@code 3d04h}. */
    public static String span(Duration span) {
        Duration whole = span.isNegative() ? Duration.ZERO : span;
        if (whole.toMinutes() == 0) {
            return whole.toSeconds() + "s";
        }
        if (whole.toHours() == 0) {
            return two(whole.toMinutes(), "m", whole.toSecondsPart(), "s");
        }
        if (whole.toDays() == 0) {
            return two(whole.toHours(), "h", whole.toMinutesPart(), "m");
        }
        return two(whole.toDays(), "d", whole.toHoursPart(), "h");
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + largeUnit + (small < 10 ? "0" : "") + small + smallUnit;
    }

    public static String count(long number, String singular) {
        return number + " " + singular + (number == 1 ? "" : "s");
    }

    /** Eight digits of a digest. */
    public static String digest(String digest) {
        String hex = digest.startsWith("sha256:") ? digest.substring(7) : digest;
        return hex.substring(0, Math.min(8, hex.length()));
    }

    /** One line, whatever came in: control characters and line breaks become one space. */
    public static String line(String text) {
        return UNPRINTABLE.matcher(text).replaceAll(" ").strip();
    }

    /** At most {@code columns} wide, with an ellipsis where something is left out; colours take no room. */
    public static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        String plain = DYE.matcher(text).replaceAll("");
        return columns < 1 ? "" : plain.substring(0, plain.offsetByCodePoints(0, columns - 1)) + "…";
    }

    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    public static int width(String text) {
        String plain = DYE.matcher(text).replaceAll("");
        return plain.codePointCount(0, plain.length());
    }

    /** Broken at spaces into lines of at most {@code columns}; what is over {@code most} lines is cut. */
    public static List<String> wrap(String text, int columns, int most) {
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String word : SPACE.split(line(text), -1)) {
            if (current.length() > 0 && width(current.toString()) + 1 + width(word) > columns) {
                lines.add(current.toString());
                current.setLength(0);
            }
            current.append(current.length() == 0 ? "" : " ").append(word);
        }
        lines.add(current.toString());
        if (lines.size() > most) {
            String rest = String.join(" ", lines.subList(most - 1, lines.size()));
            lines = new ArrayList<>(lines.subList(0, most - 1));
            lines.add(rest);
        }
        return lines.stream().map(one -> cut(one, columns)).toList();
    }
}
