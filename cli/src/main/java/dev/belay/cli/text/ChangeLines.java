package dev.belay.cli.text;

import dev.belay.model.run.RunView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a run between two looks at it, one line a change: what a log keeps where no tree can be drawn. */
public final class ChangeLines {

    private ChangeLines() {}

    public static List<String> between(@Nullable Situation before, Situation after) {
        Map<String, StepState> known = new HashMap<>();
        if (before != null) {
            before.view().steps().forEach(step -> known.put(key(step), step.state()));
        }
        List<String> lines = new ArrayList<>();
        for (StepRecord step : after.view().steps()) {
            StepState old = known.getOrDefault(key(step), StepState.PENDING);
            if (step.state() != old && !step.uses().equals("group")) {
                lines.add(line(step, after));
            }
        }
        if (before == null || before.view().status() != after.view().status()) {
            lines.add(status(after));
        }
        return lines;
    }

    private static String line(StepRecord step, Situation after) {
        Instant start = step.startedAt();
        Instant end = step.endedAt();
        Instant at = end != null ? end : start != null ? start : after.now();
        String span = start != null && end != null ? "  " + Words.span(Duration.between(start, end)) : "";
        String why = step.why() == null || step.why().isEmpty() ? "" : "  " + Words.line(step.why());
        return Words.clock(at) + "  " + step.hop() + "  " + step.phase().text() + "  " + StepWords.place(step) + " ("
                + step.uses() + ")  " + step.state() + span + why;
    }

    private static String status(Situation after) {
        RunView view = after.view();
        String text = Words.clock(after.now()) + "  run " + view.run() + "  " + view.status();
        if (view.parked() == null) {
            return text;
        }
        return text + ": " + Words.line(view.parked().why()) + "  next: "
                + String.join("  |  ", view.parked().next());
    }

    private static String key(StepRecord step) {
        return step.hop() + "/" + step.node() + "/" + step.id();
    }
}
