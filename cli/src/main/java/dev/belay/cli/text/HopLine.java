package dev.belay.cli.text;

import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.StepState;
import java.util.stream.Collectors;

/** Which hop is under way, and how far its phases are. */
final class HopLine {

    private HopLine() {}

    static String of(RunView view, Paint paint) {
        int index = current(view);
        HopView hop = view.hops().get(index);
        String phases = hop.phases().stream()
                .map(phase -> paint.sign(phase.state()) + " " + phase.name().text())
                .collect(Collectors.joining("  "));
        return (index + 1) + " of " + view.hops().size() + ", " + (hop.from().equals(hop.to()) ? "at " : "to ")
                + hop.to() + "  " + phases;
    }

    /** The first hop that is not finished, or the last one. */
    static int current(RunView view) {
        for (int i = 0; i < view.hops().size(); i++) {
            if (!isFinished(view.hops().get(i))) {
                return i;
            }
        }
        return view.hops().size() - 1;
    }

    static boolean isFinished(HopView hop) {
        return hop.phases().stream().map(PhaseView::state).allMatch(StepState::isSatisfied);
    }
}
