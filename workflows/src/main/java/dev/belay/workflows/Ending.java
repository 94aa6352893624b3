package dev.belay.workflows;

import dev.belay.model.plan.Plan;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.RunStatus;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a run ended, and the words for it. */
record Ending(RunStatus status, String words) {

    static final Ending STOPPED = new Ending(
            RunStatus.ABORTED,
            "Stopped by a Temporal cancel request: running steps were finished, nothing was undone, all is left standing. "
                    + "A new run finds what is done.");

    /** {@code way}: null when it came to its end. */
    static Ending of(Plan plan, @Nullable Way way, List<HopState> hops) {
        if (way == null) {
            return plan.goesBack()
                    ? new Ending(RunStatus.ROLLED_BACK, "Every step of the way back is done.")
                    : new Ending(RunStatus.COMPLETED, "Every step of every hop is done.");
        }
        if (way.rung() == null) {
            return new Ending(RunStatus.ABORTED, "Aborted. " + undone(hops));
        }
        return new Ending(RunStatus.ROLLED_BACK, rolledBack(way, hops));
    }

    private static String rolledBack(Way way, List<HopState> hops) {
        return switch (Objects.requireNonNull(way.rung())) {
            case STEP, NODE -> "Rolled back: node " + way.node() + ". " + undone(hops);
            case HOLD -> "Held: the new control plane and the kubelets as they are, verified. " + undone(hops);
            case ETCD_DOWNGRADE, RESTORE ->
                "Given up for " + way.rung().text() + ", which is a run of its own. Nothing was undone here. "
                        + left(hops);
        };
    }

    private static String undone(List<HopState> hops) {
        return count(hops, LedgerEntry.State.UNDONE) + " effects were undone, " + count(hops, LedgerEntry.State.LEFT)
                + " were left by decision.";
    }

    private static String left(List<HopState> hops) {
        String open = hops.stream()
                .flatMap(hop -> hop.ledger().stream())
                .filter(LedgerEntry::isOpen)
                .map(LedgerEntry::action)
                .distinct()
                .collect(Collectors.joining(", "));
        return open.isEmpty() ? "Nothing was changed." : "It stands: " + open + ".";
    }

    private static long count(List<HopState> hops, LedgerEntry.State state) {
        return hops.stream()
                .flatMap(hop -> hop.ledger().stream())
                .filter(entry -> entry.state() == state)
                .count();
    }
}
