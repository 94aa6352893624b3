package dev.belay.activities.steps;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.List;

/** Everything a check found, so that a person reads all of it at once: what stops the run, and what is only worth saying. */
public final class Findings {

    private record Finding(FailureKind kind, String code, String what, String remedy) {}

    private final List<Finding> stops = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Something a person must put right before the run goes on. */
    public void stop(String code, String what, String remedy) {
        stops.add(new Finding(FailureKind.PRECONDITION, code, what, remedy));
    }

    /** A look that failed. */
    public void stop(Failure failure) {
        stops.add(new Finding(failure.kind(), failure.code(), failure.why(), failure.next()));
    }

    /** A look whose failure is one finding among others. */
    public void look(Runnable look) {
        try {
            look.run();
        } catch (StepFailure e) {
            stop(e.failure());
        }
    }

    public void warn(String what) {
        warnings.add(what);
    }

    /** Throws when something stops the run; TRANSIENT only when nothing but TRANSIENT failures were found. */
    public void judge() {
        if (stops.isEmpty()) {
            return;
        }
        Finding worst = stops.stream()
                .filter(stop -> stop.kind() != FailureKind.TRANSIENT)
                .findFirst()
                .orElse(stops.get(0));
        List<String> what = stops.stream().map(Finding::what).distinct().toList();
        List<String> remedies = stops.stream().map(Finding::remedy).distinct().toList();
        throw StepFailure.of(worst.kind(), worst.code(), Await.named(what), Await.named(remedies))
                .withEvidence(what.size() == 1 ? "" : String.join("\n", what));
    }

    /** The report with its warnings. */
    public String report(String allWell) {
        return warnings.isEmpty() ? allWell : allWell + "; but: " + Await.named(warnings);
    }
}
