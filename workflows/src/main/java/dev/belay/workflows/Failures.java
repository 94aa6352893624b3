package dev.belay.workflows;

import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TerminatedFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Optional;

/** Maps what Temporal throws back to what a step said. What nobody classified is a bug, shown as such, and parks the run like any other. */
final class Failures {

    private static final int LONGEST_WHY = 2_000;

    private Failures() {}

    static Failure of(RuntimeException thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        if (cause instanceof ApplicationFailure failure) {
            return said(failure).orElseGet(() -> unclassified(kind(failure.getType()), failure));
        }
        if (cause instanceof TimeoutFailure timeout) {
            return lost("NO_ANSWER", "no answer within the time limit (" + timeout.getTimeoutType() + ")");
        }
        if (cause instanceof CanceledFailure) {
            return lost("CANCELLED", "it was cancelled in Temporal");
        }
        if (cause instanceof TerminatedFailure) {
            return lost("TERMINATED", "its workflow was terminated in Temporal");
        }
        return unclassified(FailureKind.PERMANENT, cause);
    }

    /** For what the interpreter itself finds wrong with a step: parks it. */
    static ApplicationFailure permanent(String why) {
        return ApplicationFailure.newNonRetryableFailure(why, FailureKind.PERMANENT.name());
    }

    private static Optional<Failure> said(ApplicationFailure failure) {
        try {
            if (failure.getDetails().getSize() == 0) {
                return Optional.empty();
            }
            return Optional.ofNullable(failure.getDetails().get(Failure.class));
        } catch (DataConverterException notOurs) {
            return Optional.empty();
        }
    }

    private static Failure lost(String code, String why) {
        return new Failure(
                FailureKind.UNKNOWN,
                code,
                why,
                "Find out how far it came, then retry: a step looks before it acts.",
                "");
    }

    private static Failure unclassified(FailureKind kind, Throwable cause) {
        return new Failure(
                kind,
                "UNCLASSIFIED",
                bounded(message(cause)),
                "This failure was not foreseen: look at the worker's log, then retry or skip.",
                "");
    }

    private static String message(Throwable cause) {
        return cause instanceof ApplicationFailure failure
                ? failure.getOriginalMessage()
                : String.valueOf(cause.getMessage());
    }

    private static FailureKind kind(String type) {
        for (FailureKind kind : FailureKind.values()) {
            if (kind.name().equals(type)) {
                return kind;
            }
        }
        return FailureKind.PERMANENT;
    }

    static String bounded(String text) {
        return text.length() <= LONGEST_WHY ? text : text.substring(0, LONGEST_WHY) + " …";
    }
}
