package dev.belay.workflows;

import dev.belay.model.run.Command;
import io.temporal.failure.TemporalException;
import io.temporal.workflow.Async;
import io.temporal.workflow.ExternalWorkflowStub;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Commands on their way down, one after the other in the order given. Handlers only put them here, since a handler must not wait. What
 * cannot be delivered has nobody left to obey it: that is logged, and whoever awaits the child hears of its end in another way.
 */
final class Outbox {

    private final Deque<Letter> letters = new ArrayDeque<>();

    /** To one workflow; without a command it is a cancel request. */
    private record Letter(String workflowId, @Nullable Command command) {}

    void start() {
        Async.procedure(this::deliver);
    }

    void send(String workflowId, Command command) {
        letters.add(new Letter(workflowId, command));
    }

    void cancel(String workflowId) {
        letters.add(new Letter(workflowId, null));
    }

    boolean isEmpty() {
        return letters.isEmpty();
    }

    private void deliver() {
        while (true) {
            Workflow.await(() -> !letters.isEmpty());
            deliver(letters.element());
            letters.remove();
        }
    }

    private static void deliver(Letter letter) {
        ExternalWorkflowStub workflow = Workflow.newUntypedExternalWorkflowStub(letter.workflowId());
        try {
            if (letter.command() == null) {
                workflow.cancel("the level above was cancelled");
            } else {
                workflow.signal("command", letter.command());
            }
        } catch (TemporalException e) {
            Workflow.getLogger(Outbox.class)
                    .info("{} is over and hears no command: {}", letter.workflowId(), e.getMessage());
        }
    }

    /** Notices to the levels above, in this order; each is in the receiver's history before this returns. */
    static Wire upTo(String... workflowIds) {
        return notice -> {
            for (String id : workflowIds) {
                tell(id, "notice", notice);
            }
        };
    }

    static void tell(String workflowId, String signal, Object message) {
        try {
            Workflow.newUntypedExternalWorkflowStub(workflowId).signal(signal, message);
        } catch (TemporalException e) {
            Workflow.getLogger(Outbox.class).warn("{} was not told of a {}: {}", workflowId, signal, e.getMessage());
        }
    }
}
