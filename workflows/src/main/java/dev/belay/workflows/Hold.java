package dev.belay.workflows;

import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Failure;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.TypedStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A control plane that is held is looked at until it is whole, or a person says to leave it as it is. */
record Hold(Level level, Frame frame) {

    private static final TypedStep HELD =
            new TypedStep("held", List.of(), null, "verify.held", Map.of(), Duration.ofMinutes(10), 3, OnFailure.PARK);

    void verify() {
        for (int redo = 0; ; redo++) {
            level.board().begin(HELD, frame, Waits.now());
            Attempt attempt = level.activities().run(frame.call(HELD, redo, Map.of()), false);
            if (attempt instanceof Attempt.Good good) {
                level.board().settle(good.outcome());
                return;
            }
            Command decision = park(((Attempt.Bad) attempt).failure());
            if (decision == null) {
                return;
            }
            if (decision.kind() == CommandKind.SKIP) {
                String why = "skipped by " + decision.actor() + ": " + decision.reason();
                level.board().settle(HELD.id(), StepState.SKIPPED, why, Waits.now());
                return;
            }
        }
    }

    private @Nullable Command park(Failure failure) {
        level.board().park(HELD.id(), failure.why());
        Notice notice =
                Notice.parked(level.workflowId(), frame.hop().to(), HELD.id(), null, true, failure.why(), failure);
        return level.standing().park(notice, frame, level.controls()::stopping);
    }
}
