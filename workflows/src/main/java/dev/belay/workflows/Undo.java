package dev.belay.workflows;

import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Failure;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.LedgerEntry.State;
import dev.belay.model.run.StepCall;
import dev.belay.model.runbook.StepSignature;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes back, the last effect first, what the ledger holds open and its step can undo. An undo that fails parks; skipping it leaves the
 * effect standing, on record. A Temporal cancel does not stop it half-way: it only ends the waiting for a person.
 */
final class Undo {

    private final Ledger ledger;
    private final StepActivities activities;
    private final Standing standing;
    private final Controls controls;
    private final String workflowId;
    private final Runnable changed;

    Undo(
            Ledger ledger,
            StepActivities activities,
            Standing standing,
            Controls controls,
            String workflowId,
            Runnable changed) {
        this.ledger = ledger;
        this.activities = activities;
        this.standing = standing;
        this.controls = controls;
        this.workflowId = workflowId;
        this.changed = changed;
    }

    /** Says whether it came to the end, or stopped between two entries because {@code postpone} held. */
    boolean run(Map<String, StepSignature> signatures, Predicate<LedgerEntry> places, Supplier<Boolean> postpone) {
        Way way = controls.way();
        return run(entry -> way, signatures, places, postpone);
    }

    /** The same where each entry has a way of its own. */
    boolean run(
            Function<LedgerEntry, Way> ways,
            Map<String, StepSignature> signatures,
            Predicate<LedgerEntry> places,
            Supplier<Boolean> postpone) {
        Predicate<LedgerEntry> meant =
                places.and(entry -> touches(ways.apply(entry), entry, signatures.get(entry.uses())));
        for (LedgerEntry entry : ledger.open(meant)) {
            if (postpone.get()) {
                return false;
            }
            undo(entry, ways.apply(entry).how(entry, Objects.requireNonNull(signatures.get(entry.uses()))));
        }
        return true;
    }

    private static boolean touches(Way way, LedgerEntry entry, @Nullable StepSignature signature) {
        return signature != null && way.touches(entry, signature);
    }

    /** Takes one entry back; parks until that succeeds or a person says to leave it. */
    void undo(LedgerEntry entry, String how) {
        StepCall done = Objects.requireNonNull(entry.call());
        for (int redo = 0; ; redo++) {
            Attempt attempt = activities.back(done.back(how, redo, entry.output()), how);
            if (attempt instanceof Attempt.Good) {
                mark(entry, State.UNDONE);
                return;
            }
            Command decision = park(entry, done, ((Attempt.Bad) attempt).failure());
            if (decision == null) {
                return;
            }
            if (decision.kind() == CommandKind.SKIP) {
                mark(entry, State.LEFT);
                return;
            }
        }
    }

    private void mark(LedgerEntry entry, State state) {
        ledger.set(entry, state);
        changed.run();
    }

    private @Nullable Command park(LedgerEntry entry, StepCall done, Failure failure) {
        String why = "undoing \"" + entry.action() + "\" failed: " + failure.why();
        Notice notice = Notice.parked(workflowId, entry.hop(), entry.step(), entry.node(), true, why, failure);
        return standing.park(notice, Frame.of(done), controls::stopping);
    }
}
