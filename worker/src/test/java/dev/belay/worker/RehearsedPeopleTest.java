package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Simulated people ask until they are answered, and no longer than that may help. */
class RehearsedPeopleTest {

    private static final WorkflowExecution RUN =
            WorkflowExecution.newBuilder().setWorkflowId("k8s-upgrade/twin").build();

    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private int asked;

    private Supplier<String> server(RuntimeException... fails) {
        failures.addAll(List.of(fails));
        return () -> {
            asked++;
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return "answered";
        };
    }

    @Test
    void aServerThatAnswersLateIsAskedAgain() {
        Supplier<String> late = server(
                Status.UNAVAILABLE.asRuntimeException(),
                new WorkflowServiceException(RUN, "belay.run", Status.DEADLINE_EXCEEDED.asRuntimeException()));

        assertThat(RehearsedPeople.patiently(late)).isEqualTo("answered");
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void aRunThatIsGoneIsNotAskedForEver() {
        Supplier<String> gone = server(
                new WorkflowNotFoundException(RUN, "belay.run", Status.NOT_FOUND.asRuntimeException()),
                Status.UNAVAILABLE.asRuntimeException());

        assertThatThrownBy(() -> RehearsedPeople.patiently(gone)).isInstanceOf(WorkflowNotFoundException.class);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aRefusalOfTheServerIsNotAskedAgain() {
        Supplier<String> refusing = server(Status.PERMISSION_DENIED.asRuntimeException());

        assertThatThrownBy(() -> RehearsedPeople.patiently(refusing)).hasMessageContaining("PERMISSION_DENIED");
        assertThat(asked).isEqualTo(1);
    }
}
