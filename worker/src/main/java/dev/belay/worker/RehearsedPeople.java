package dev.belay.worker;

import dev.belay.activities.StepNotice;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.workflows.Belay;
import dev.belay.workflows.Notice;
import dev.belay.workflows.RunState;
import dev.belay.workflows.client.NoAnswer;
import dev.belay.workflows.client.RunClient;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowQueryException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The two people of a rehearsal, who approve whatever they are asked, in turn and on record; and who is awaited at the moment. */
final class RehearsedPeople {

    private static final List<String> NAMES = List.of("ada@rehearsal", "grace@rehearsal");

    private static final Set<Status.Code> PASSING = Set.of(
            Status.Code.UNAVAILABLE,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.ABORTED,
            Status.Code.CANCELLED,
            Status.Code.UNKNOWN);

    private final WorkflowClient client;
    private final Consumer<String> told;
    private final Set<String> awaited = new HashSet<>();
    private final Set<String> asking = new HashSet<>();
    private int asked;

    RehearsedPeople(WorkflowClient client, Consumer<String> told) {
        this.client = client;
        this.told = told;
    }

    /** Takes a notice down; says whether anybody is awaited now. */
    synchronized boolean hear(StepNotice notice) {
        String place = place(notice);
        note(awaited, place, !notice.event().equals("RESUMED"));
        note(asking, place, notice.event().equals("AWAITING_APPROVAL"));
        return !awaited.isEmpty();
    }

    private static void note(Set<String> places, String place, boolean isOne) {
        if (isOne) {
            places.add(place);
        } else {
            places.remove(place);
        }
    }

    private static String place(StepNotice notice) {
        return notice.call().hop().to() + "/" + notice.step() + "/" + notice.node();
    }

    /**
     * Approves as often as the gate needs different people. The notice is ahead of the run's own knowledge, so the run is asked first, for as long
     * as the question stands: on a starved machine answers take their time.
     */
    void answer(StepNotice notice) {
        try {
            approve(notice);
        } catch (NoAnswer | WorkflowException | StatusRuntimeException e) {
            told.accept("the simulated people cannot answer " + notice.step() + ": " + e.getMessage()
                    + "; approve it from another terminal");
        }
    }

    private void approve(StepNotice notice) {
        String workflow = Belay.workflowId(notice.call().cluster());
        for (int person = 0; person < NAMES.size(); person++) {
            if (!asks(workflow, notice)) {
                return;
            }
            Command approval = approval(NAMES.get(asked++ % NAMES.size()), notice);
            Reply reply = patiently(() -> RunClient.command(client, workflow, null, approval));
            told.accept(approval.actor() + ": " + reply.why());
        }
    }

    private boolean asks(String workflow, StepNotice notice) {
        while (isAsking(notice)) {
            RunState run = patiently(() -> RunClient.state(client, workflow, null));
            if (run.waiting().stream().anyMatch(waiting -> isThat(waiting, notice))) {
                return true;
            }
            pause();
        }
        return false;
    }

    private static boolean isThat(Notice waiting, StepNotice notice) {
        return waiting.kind() == Notice.Kind.AWAITING_APPROVAL && waiting.step().equals(notice.step());
    }

    private synchronized boolean isAsking(StepNotice notice) {
        return asking.contains(place(notice));
    }

    /** The same question until it is answered, for as long as asking again may help. */
    static <T> T patiently(Supplier<T> question) {
        while (true) {
            try {
                return question.get();
            } catch (NoAnswer | WorkflowException | StatusRuntimeException e) {
                if (!mayPass(e)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static boolean mayPass(Throwable failure) {
        if (failure instanceof StatusRuntimeException status) {
            return PASSING.contains(status.getStatus().getCode());
        }
        Throwable cause = failure.getCause();
        return failure instanceof NoAnswer
                || failure instanceof WorkflowQueryException
                || (cause != null && mayPass(cause));
    }

    private static Command approval(String actor, StepNotice notice) {
        NodeName node = notice.node().isEmpty() ? null : new NodeName(notice.node());
        return new Command(
                UUID.randomUUID().toString(),
                CommandKind.APPROVE,
                actor,
                "rehearsed: " + Objects.requireNonNullElse(notice.why(), notice.step()),
                null,
                notice.step(),
                node,
                notice.call().planDigest());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the rehearsal is over", e);
        }
    }
}
