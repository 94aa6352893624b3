package dev.belay.activities.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts how a port fails. */
public final class Failing {

    private Failing() {}

    public static Failure failsWith(FailureKind kind, String code, ThrowingCallable call) {
        StepFailure thrown = catchThrowableOfType(StepFailure.class, call);
        assertThat(thrown).as("a failure %s/%s", kind, code).isNotNull();
        Failure failure = thrown.failure();
        assertThat(failure.kind() + "/" + failure.code()).as(failure.why()).isEqualTo(kind + "/" + code);
        return failure;
    }
}
