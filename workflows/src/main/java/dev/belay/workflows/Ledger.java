package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.LedgerEntry.State;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.StepSignature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Effects, written down before they are tried and undone backwards. Data only, so that it can be shown and carried over. */
final class Ledger {

    private final List<LedgerEntry> entries;

    Ledger(List<LedgerEntry> carried) {
        entries = new ArrayList<>(carried);
    }

    List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    /** Before the effect. A step that is tried again keeps its place. Only what an undo needs is kept: a hop of many nodes carries it all. */
    void arm(StepCall call, StepSignature signature, Instant at) {
        StepCall kept = signature.goesBack() ? call.forUndo() : null;
        int index = indexOf(call);
        if (index >= 0) {
            entries.set(index, entries.get(index).with(kept));
            return;
        }
        entries.add(new LedgerEntry(
                entries.size() + 1,
                call.step(),
                call.hop().to(),
                nodeOf(call),
                call.uses(),
                signature.action(),
                at,
                State.ARMED,
                kept,
                null));
    }

    /** After the effect. What was found done by a second try may have been done by the first, so it stays open. */
    void settle(StepCall call, StepOutcome outcome) {
        int index = indexOf(call);
        if (index < 0) {
            return;
        }
        LedgerEntry entry = entries.get(index);
        boolean ours = outcome.state() == StepState.DONE || call.redo() > 0;
        entries.set(index, entry.with(ours ? State.DONE : State.VOID, entry.call() == null ? null : outcome.output()));
    }

    /** Takes over the entries of a node that is finished, without what nobody will need again. */
    void absorb(List<LedgerEntry> others, Map<String, StepSignature> signatures) {
        for (LedgerEntry entry : others) {
            LedgerEntry moved = entry.as(entries.size() + 1);
            entries.add(goesBack(moved, signatures) ? moved : moved.closed());
        }
    }

    /** What can still be taken back, the last effect first. */
    List<LedgerEntry> open(Predicate<LedgerEntry> meant) {
        Comparator<LedgerEntry> order =
                Comparator.comparing(LedgerEntry::armedAt).thenComparing(LedgerEntry::seq);
        return entries.stream()
                .filter(entry -> entry.isOpen() && entry.call() != null && meant.test(entry))
                .sorted(order.reversed())
                .toList();
    }

    void set(LedgerEntry entry, State state) {
        entries.set(entry.seq() - 1, entry.with(state, entry.output()));
    }

    /** Steps as they stand when the ledger is taken into account: what was taken back is UNDONE. */
    static List<StepRecord> marked(List<StepRecord> steps, List<LedgerEntry> ledger) {
        Set<String> undone = new LinkedHashSet<>();
        for (LedgerEntry entry : ledger) {
            String place = entry.step() + "@" + entry.node();
            if (entry.state() == State.UNDONE) {
                undone.add(place);
            } else {
                undone.remove(place);
            }
        }
        return steps.stream()
                .map(step -> undone.contains(step.id() + "@" + step.node()) ? step.with(StepState.UNDONE) : step)
                .toList();
    }

    private static boolean goesBack(LedgerEntry entry, Map<String, StepSignature> signatures) {
        StepSignature signature = signatures.get(entry.uses());
        return entry.isOpen() && entry.call() != null && signature != null && signature.goesBack();
    }

    private int indexOf(StepCall call) {
        for (int i = 0; i < entries.size(); i++) {
            LedgerEntry known = entries.get(i);
            if (known.step().equals(call.step()) && Objects.equals(known.node(), nodeOf(call))) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable NodeName nodeOf(StepCall call) {
        return call.node() == null ? null : call.node().name();
    }
}
