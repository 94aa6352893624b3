package dev.belay.cli.text;

import dev.belay.model.run.Rung;
import dev.belay.worker.RoundTrip;
import dev.belay.worker.RoundTrip.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of each way back: differences that must not be, one by one, then those that may, by their reason. */
public final class RoundTripText {

    private static final String INDENT = "    ";

    private final Paint paint;
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private RoundTripText(Paint paint, int columns) {
        this.paint = paint;
        this.columns = columns;
    }

    public static String of(List<RoundTrip> trips, Paint paint, int columns) {
        RoundTripText text = new RoundTripText(paint, columns);
        trips.forEach(text::trip);
        long failed = trips.stream().filter(trip -> !trip.passed()).count();
        text.lines.add(
                failed == 0
                        ? "every way back led to the world as it was, but for what may differ"
                        : paint.alarm(Words.count(failed, "way") + " back did not lead to the world as it was"));
        return String.join("\n", text.lines) + "\n";
    }

    private void trip(RoundTrip trip) {
        Rung rung = trip.rung();
        String at = trip.fault().isEmpty() ? "" : ", stands at " + trip.fault();
        String way = rung == null
                ? "no way back was tried"
                : "back by " + rung.text() + (trip.node() == null ? "" : " of " + trip.node());
        String verdict = trip.passed() ? "ok" : paint.alarm("DIFFERS");
        lines.add(paint.bold(trip.hop() + " " + trip.phase().text()) + at + ", " + way + ": " + verdict);
        String refused = trip.refused();
        if (refused != null) {
            wrapped("refused, and left as it stood: " + refused);
        }
        String problem = trip.problem();
        if (problem != null) {
            wrapped("problem: " + problem);
        }
        for (Difference difference : trip.mustNot()) {
            wrapped("must not differ: " + difference.field() + ": " + value(difference.before()) + " → "
                    + value(difference.after()));
        }
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        trip.may().forEach(difference -> reasons.computeIfAbsent(difference.why(), any -> new ArrayList<>())
                .add(difference.field()));
        reasons.forEach((why, fields) ->
                wrapped("may differ, " + why + " (" + fields.size() + "): " + String.join(" ", fields)));
        lines.add("");
    }

    private static String value(@Nullable String text) {
        return text == null ? "absent" : text;
    }

    /** No word is cut: names are for finding. */
    private void wrapped(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > columns - INDENT.length()) {
                lines.add(INDENT + line);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(INDENT + line);
    }
}
