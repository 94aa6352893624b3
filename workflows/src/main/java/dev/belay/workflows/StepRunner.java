package dev.belay.workflows;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.TypedStep;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes one step from its start to its end: tries it, and when that fails stands still until a person says retry or skip.
 *
 * <p>A step ends satisfied, or it leaves as it is because the workflow is ending. Before an effect is tried it stands in the ledger.
 */
final class StepRunner {

    private final Level level;
    private final Frame frame;
    private final StepGraph graph;
    private final Groups groups;

    StepRunner(Level level, Frame frame, StepGraph graph, Groups groups) {
        this.level = level;
        this.frame = frame;
        this.graph = graph;
        this.groups = groups;
    }

    void run(Step step) {
        while (true) {
            int redo = level.redo() + level.board().attempts(step.id());
            level.board().begin(step, frame, Waits.now());
            Failure failure = attempt(step, redo);
            if (failure == null) {
                return;
            }
            if (goesOn(step)) {
                settle(step, StepState.SKIPPED, "failed, and the runbook goes on: " + failure.why());
                return;
            }
            if (takesBack(step)) {
                level.board().park(step.id(), failure.why());
                level.controls().setBack(new Setback(step.id(), frame.nodeName(), failure));
                return;
            }
            Command decision = decide(step, failure);
            if (decision == null) {
                return;
            }
            if (decision.kind() == CommandKind.SKIP) {
                settle(step, StepState.SKIPPED, "skipped by " + decision.actor() + ": " + decision.reason());
                return;
            }
            Workflow.await(() -> !level.controls().paused() || level.controls().ending());
            if (level.controls().ending()) {
                return;
            }
        }
    }

    private @Nullable Failure attempt(Step step, int redo) {
        try {
            if (step instanceof TypedStep typed) {
                return typed(typed, redo);
            }
            if (step instanceof ApprovalStep approval) {
                return approval(approval);
            }
            if (step instanceof SoakStep soak) {
                return soak(soak);
            }
            return group((GroupStep) step);
        } catch (TemporalFailure e) {
            return Failures.of(e);
        }
    }

    private @Nullable Failure typed(TypedStep step, int redo) {
        StepCall call = frame.call(step, redo, upstream(step));
        boolean effect = frame.signature(step.uses()).effect();
        if (effect) {
            level.ledger().arm(call, frame.signature(step.uses()), Waits.now());
        }
        Attempt attempt = level.activities().run(call, effect);
        if (attempt instanceof Attempt.Bad bad) {
            return bad.failure();
        }
        StepOutcome outcome = ((Attempt.Good) attempt).outcome();
        level.ledger().settle(call, outcome);
        level.board().settle(outcome);
        return null;
    }

    private @Nullable Failure approval(ApprovalStep step) {
        Condition condition = evaluate(step, Map.of());
        if (!condition.holds()) {
            return settledOr(step, condition);
        }
        level.board().wait(step.id());
        Instant until = Waits.now().plus(step.expires());
        String excluded = step.notAuthor() ? level.author() : null;
        Notice.Ask ask = new Notice.Ask(step.min(), excluded, until, List.of(), step.by());
        Standing.Verdict verdict = level.standing().await(asking(step, ask), until, frame, level.controls()::ending);
        if (verdict.granted()) {
            settle(step, StepState.DONE, verdict.why());
        }
        return verdict.granted() || verdict.left() ? null : refused(verdict);
    }

    private static Failure refused(Standing.Verdict verdict) {
        String next = "Find out why, then retry: that asks again. Or abort.";
        return new Failure(FailureKind.PRECONDITION, verdict.code(), verdict.why(), next, "");
    }

    private @Nullable Failure soak(SoakStep step) {
        Condition condition = evaluate(step, Map.of("duration", step.duration()));
        if (!condition.holds()) {
            return settledOr(step, condition);
        }
        level.board().wait(step.id());
        Waits.pauseFor(condition.duration(), "soak " + step.id(), level.controls()::ending);
        if (!level.controls().ending()) {
            settle(step, StepState.DONE, "rested " + condition.duration().toSeconds() + " s");
        }
        return null;
    }

    private @Nullable Failure group(GroupStep step) {
        Condition condition = evaluate(step, Map.of());
        if (!condition.holds()) {
            groups.skip(step);
            return settledOr(step, condition);
        }
        switch (groups.run(step, frame, upstream(step))) {
            case COMPLETE -> settle(step, StepState.DONE, null);
            case POSTPONED -> level.board().postpone(step.id());
            case LEFT -> {}
        }
        return null;
    }

    private Condition evaluate(Step step, Map<String, Object> with) {
        if (step.when() == null && with.isEmpty()) {
            return Condition.NONE;
        }
        StepCall call = frame.engineCall(Belay.EVALUATE, step.id(), with, step.when(), upstream(step));
        return Condition.of(level.activities(), call);
    }

    private @Nullable Failure settledOr(Step step, Condition condition) {
        if (condition.failure() == null) {
            settle(step, StepState.SKIPPED, condition.why());
        }
        return condition.failure();
    }

    /** Null when told to leave first. A step that is taken back stands as before, until a person says retry or skip. */
    private @Nullable Command decide(Step step, Failure failure) {
        Failure shown = failure;
        while (true) {
            Command decision = park(step, shown);
            if (decision == null || decision.kind() != CommandKind.ROLLBACK) {
                return decision;
            }
            shown = takeBack(step, decision, failure);
        }
    }

    private Failure takeBack(Step step, Command decision, Failure failure) {
        List<LedgerEntry> entries = level.ledger().open(entry -> entry.step().equals(step.id()));
        for (LedgerEntry entry : entries) {
            String how = Way.of(decision).how(entry, frame.signature(entry.uses()));
            undo().undo(entry, how);
        }
        String taken = entries.isEmpty() ? "nothing was to be taken back" : "taken back";
        String why = taken + " for " + decision.actor() + " (" + decision.reason() + "); before that: " + failure.why();
        return new Failure(failure.kind(), failure.code(), why, failure.next(), failure.evidence());
    }

    private Undo undo() {
        return new Undo(
                level.ledger(),
                level.activities(),
                level.standing(),
                level.controls(),
                level.workflowId(),
                level.board()::show);
    }

    private @Nullable Command park(Step step, Failure failure) {
        level.board().park(step.id(), failure.why());
        Notice notice = Notice.parked(
                level.workflowId(),
                frame.hop().to(),
                step.id(),
                frame.nodeName(),
                !(step instanceof ApprovalStep),
                failure.why(),
                failure);
        return level.standing().park(notice, frame, level.controls()::ending);
    }

    private Notice asking(ApprovalStep step, Notice.Ask ask) {
        return new Notice(
                Notice.Kind.AWAITING_APPROVAL,
                level.workflowId(),
                frame.hop().to(),
                step.id(),
                frame.nodeName(),
                Waits.now(),
                step.reason(),
                false,
                null,
                ask);
    }

    private void settle(Step step, StepState state, @Nullable String why) {
        level.board().settle(step.id(), state, why, Waits.now());
    }

    /** What the step's references may see: in a group also what the hop gave it. */
    private Map<String, Map<String, Object>> upstream(Step step) {
        Map<String, Map<String, Object>> seen = new LinkedHashMap<>(level.given());
        seen.putAll(level.board().outputs(graph.upstreamOf(step.id())));
        return seen;
    }

    private static boolean goesOn(Step step) {
        return step instanceof TypedStep typed && typed.onFailure() == OnFailure.CONTINUE;
    }

    private static boolean takesBack(Step step) {
        return step instanceof TypedStep typed && typed.onFailure() == OnFailure.ROLLBACK;
    }
}
