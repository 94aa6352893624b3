package dev.belay.activities;

import dev.belay.model.expression.ExpressionFailure;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import io.temporal.failure.ApplicationFailure;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The seam between steps' failures and Temporal's: the failure's kind is the type, the {@link Failure} is the only detail, the message
 * is its sentence. Everything is redacted and cut here.
 */
public final class Failures {

    private static final int WHY = 2000;
    private static final int EVIDENCE = 8000;

    private Failures() {}

    /** What went wrong, for a person. Anything but a {@link StepFailure} is a bug, and is called one. */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof StepFailure step) {
            return clean(step.failure());
        }
        return clean(thrown instanceof ExpressionFailure expression ? novalue(expression) : bug(thrown));
    }

    /** As Temporal carries it; only a TRANSIENT failure that is not the last one is tried again. */
    public static ApplicationFailure toTemporal(Failure failure, boolean last) {
        return ApplicationFailure.newBuilder()
                .setType(failure.kind().name())
                .setMessage(failure.code() + ": " + failure.why())
                .setDetails(failure)
                .setNonRetryable(last || !failure.kind().isRetryable())
                .build();
    }

    /** The failure inside a Temporal failure or one of its causes. */
    public static Optional<Failure> fromTemporal(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApplicationFailure failure
                    && failure.getDetails().getSize() > 0) {
                return Optional.of(failure.getDetails().get(0, Failure.class));
            }
        }
        return Optional.empty();
    }

    private static Failure novalue(ExpressionFailure failure) {
        return new Failure(
                FailureKind.PERMANENT,
                "EXPRESSION",
                String.valueOf(failure.getMessage()),
                "correct the runbook and start a new run, or skip the step",
                "");
    }

    private static Failure bug(Throwable thrown) {
        String frames = Arrays.stream(thrown.getStackTrace())
                .limit(20)
                .map(frame -> "  at " + frame)
                .collect(Collectors.joining("\n"));
        return new Failure(
                FailureKind.PERMANENT,
                "BUG",
                "Belay met something it does not know: " + thrown,
                "report this with the evidence; look at the node before a retry",
                frames);
    }

    private static Failure clean(Failure failure) {
        return new Failure(
                failure.kind(),
                failure.code(),
                head(Redaction.of(failure.why()), WHY),
                head(Redaction.of(failure.next()), WHY),
                tail(Redaction.of(failure.evidence()), EVIDENCE));
    }

    private static String head(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    private static String tail(String text, int most) {
        return text.length() <= most ? text : "…" + text.substring(text.length() - most + 1);
    }
}
