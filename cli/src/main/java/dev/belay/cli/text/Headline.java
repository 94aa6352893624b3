package dev.belay.cli.text;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import java.time.Duration;

/** The first line of every picture of a run. */
final class Headline {

    private Headline() {}

    static String of(Situation situation, Paint paint) {
        RunView view = situation.view();
        String text = paint.bold("run " + (view.run() == null ? "–" : view.run())) + "  " + view.cluster() + "  "
                + Hop.words(view.from(), view.to(), " → ") + "  " + paint.word(view.status());
        if (!view.status().isClosed()) {
            text += "  " + Words.span(Duration.between(situation.startedAt(), situation.now()));
        }
        if (situation.left() != null && view.status() == RunStatus.RUNNING) {
            text += "  ETA " + Words.span(situation.left().low()) + "–"
                    + Words.span(situation.left().high());
        }
        return situation.rehearsal() ? text + "  " + paint.dim("rehearsal: this server forgets everything") : text;
    }
}
