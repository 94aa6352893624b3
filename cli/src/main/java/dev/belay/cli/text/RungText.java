package dev.belay.cli.text;

import dev.belay.model.run.RunView.RungView;
import java.util.List;

/** The ladder, from the cheapest way back to the dearest. */
public final class RungText {

    private static final int LABEL = 16;

    private RungText() {}

    public static String of(List<RungView> rungs, Paint paint, int columns) {
        if (rungs.isEmpty()) {
            return "This run is itself a way back.\n";
        }
        StringBuilder text = new StringBuilder();
        for (RungView rung : rungs) {
            String state = rung.open()
                    ? paint.bold(rung.name().text())
                    : paint.dim(rung.name().text());
            String label = state + " ".repeat(LABEL - rung.name().text().length());
            for (String line : Words.wrap(words(rung), columns - LABEL, 4)) {
                text.append(label).append(line).append('\n');
                label = " ".repeat(LABEL);
            }
        }
        return text.toString();
    }

    private static String words(RungView rung) {
        if (!rung.open()) {
            return "closed: " + rung.why();
        }
        Integer outage = rung.outageSeconds();
        String away = outage == null || outage == 0 ? "" : "; the API is away for about " + outage + " s";
        String people = rung.approvals() == 0 ? "" : "; " + rung.approvals() + " different people must say yes first";
        return rung.why() + "; loses " + rung.loses() + away + people;
    }
}
