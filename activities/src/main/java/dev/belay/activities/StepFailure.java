package dev.belay.activities;

import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.util.Optional;
import java.util.function.Supplier;

/** The one exception a step or port throws on purpose. Adapters turn their library's exceptions into it at their edge. */
public final class StepFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public StepFailure(Failure failure) {
        super(failure.why());
        this.failure = failure;
    }

    public static StepFailure of(FailureKind kind, String code, String why, String next) {
        return new StepFailure(new Failure(kind, code, why, next, ""));
    }

    /** What is answered; empty when nothing is, for now. Any other failure is thrown. */
    public static <T> Optional<T> ifAnswered(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (StepFailure e) {
            if (e.failure.kind() != FailureKind.TRANSIENT) {
                throw e;
            }
            return Optional.empty();
        }
    }

    public StepFailure withEvidence(String evidence) {
        return new StepFailure(new Failure(failure.kind(), failure.code(), failure.why(), failure.next(), evidence));
    }

    public Failure failure() {
        return failure;
    }
}
