package dev.belay.worker;

import dev.belay.activities.StepNotice;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.workflows.Belay;
import dev.belay.workflows.Notice;
import dev.belay.workflows.client.RunClient;
import io.temporal.client.WorkflowClient;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The two people of a rehearsal, who approve whatever they are asked, in turn and on record; and who is awaited at the moment. */
final class RehearsedPeople {

    private static final List<String> NAMES = List.of("ada@rehearsal", "grace@rehearsal");
    private static final int LOOKS = 300;

    private final WorkflowClient client;
    private final Consumer<String> told;
    private final Set<String> awaited = new HashSet<>();
    private int asked;

    RehearsedPeople(WorkflowClient client, Consumer<String> told) {
        this.client = client;
        this.told = told;
    }

    /** Takes a notice down; says whether anybody is awaited now. */
    synchronized boolean hear(StepNotice notice) {
        String place = notice.call().hop().to() + "/" + notice.step() + "/" + notice.node();
        if (notice.event().equals("RESUMED")) {
            awaited.remove(place);
        } else {
            awaited.add(place);
        }
        return !awaited.isEmpty();
    }

    /** Approves as often as the gate needs different people. The notice is ahead of the run's own knowledge, so the run is asked first. */
    void answer(StepNotice notice) {
        String workflow = Belay.workflowId(notice.call().cluster());
        for (int person = 0; person < NAMES.size(); person++) {
            if (waiting(workflow, notice).isEmpty()) {
                return;
            }
            String actor = NAMES.get(asked++ % NAMES.size());
            Reply reply = RunClient.command(client, workflow, null, approval(actor, notice));
            told.accept(actor + ": " + reply.why());
        }
    }

    private Optional<Notice> waiting(String workflow, StepNotice notice) {
        for (int look = 0; look < LOOKS; look++) {
            Optional<Notice> found = RunClient.state(client, workflow, null).waiting().stream()
                    .filter(waiting -> waiting.kind() == Notice.Kind.AWAITING_APPROVAL)
                    .filter(waiting -> waiting.step().equals(notice.step()))
                    .findFirst();
            if (found.isPresent() || isAnswered(notice)) {
                return found;
            }
            pause();
        }
        return Optional.empty();
    }

    private synchronized boolean isAnswered(StepNotice notice) {
        return !awaited.contains(notice.call().hop().to() + "/" + notice.step() + "/" + notice.node());
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
