package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.Failure;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.runbook.Phase;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Visits of a run to its hops, one after the other, each a child workflow. A hop that is lost parks the run. */
final class HopVisits {

    private final String runWorkflowId;
    private final String run;
    private final RunInput input;
    private final Plan plan;
    private final Controls controls;
    private final Standing standing;
    private final Outbox outbox;
    private final List<HopState> finished;
    private @Nullable String active;
    private boolean started;

    HopVisits(String runWorkflowId, String run, RunInput input, Controls controls, Standing standing, Outbox outbox) {
        this.runWorkflowId = runWorkflowId;
        this.run = run;
        this.input = input;
        this.plan = input.plan();
        this.controls = controls;
        this.standing = standing;
        this.outbox = outbox;
        this.finished = new ArrayList<>(before(input));
    }

    private static List<HopState> before(RunInput input) {
        if (input.carried() != null) {
            return input.carried().hops();
        }
        return input.retreat() == null ? List.of() : input.retreat().hops();
    }

    List<HopState> finished() {
        return finished;
    }

    @Nullable
    String active() {
        return active;
    }

    void visit(Hop hop) {
        while (true) {
            TemporalFailure lost = climb(hop);
            if (lost == null || controls.stopping()) {
                return;
            }
            if (park(hop, Failures.of(lost)) == null) {
                return;
            }
        }
    }

    private @Nullable TemporalFailure climb(Hop hop) {
        active = Belay.hopId(runWorkflowId, run, hop);
        HopInput next =
                new HopInput(plan, run, runWorkflowId, input.site(), input.author(), hop, controls.paused(), null);
        HopWorkflow child = Workflow.newChildWorkflowStub(HopWorkflow.class, options(active, hop));
        Promise<HopState> end = Async.function(child::climb, next);
        try {
            Workflow.getWorkflowExecution(child).get();
            started = true;
            catchUp(next.paused());
            finished.add(end.get());
            active = null;
            return null;
        } catch (TemporalFailure lost) {
            return lost;
        } finally {
            started = false;
        }
    }

    private ChildWorkflowOptions options(String id, Hop hop) {
        return ChildWorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                .setTypedSearchAttributes(
                        SearchAttributes.ofChild(plan.cluster().name(), hop))
                .setStaticSummary("hop " + hop.words())
                .build();
    }

    /** To the hop under way; one that is being started is told afterwards. */
    void send(Command command) {
        if (active != null && started) {
            outbox.send(active, command);
        }
    }

    void cancel() {
        if (active != null && started) {
            outbox.cancel(active);
        }
    }

    private void catchUp(boolean startedPaused) {
        if (controls.stopping()) {
            cancel();
        } else {
            controls.late(run, startedPaused).ifPresent(this::send);
        }
    }

    private @Nullable Command park(Hop hop, Failure failure) {
        String why = "the workflow of this hop was lost, and with it the ledger that an abort needs: " + failure.why();
        Notice notice = Notice.parked(runWorkflowId, hop.to(), hop.to().toString(), null, false, why, failure);
        return standing.park(notice, Frame.of(plan, run, hop, Phase.PREP), controls::ending);
    }

    /** After an abort, the hops before the one that was aborted: backwards. */
    void undo(StepActivities activities, Runnable changed) {
        for (int i = finished.size() - 1; i >= 0; i--) {
            HopState hop = finished.get(i);
            int index = i;
            Ledger ledger = new Ledger(hop.ledger());
            Runnable kept = () -> {
                finished.set(index, hop.withLedger(ledger.entries()));
                changed.run();
            };
            Predicate<LedgerEntry> places =
                    i == finished.size() - 1 ? controls.way()::leadsTo : controls.way()::leadsToEarlier;
            new Undo(ledger, activities, standing, controls, runWorkflowId, kept)
                    .run(plan.signatures(), places, () -> false);
        }
    }
}
