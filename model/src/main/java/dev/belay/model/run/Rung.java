package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** A way back, from the cheapest to the dearest: the ladder of docs/safety.md. */
public enum Rung {
    /** The step that stands is taken back; the run stays where it is. */
    STEP("step", 0),
    /** One node goes back to the version before: what the ledger says was done on it, backwards. Ends the run. */
    NODE("node", 0),
    /** New control plane, old kubelets, all verified. Ends the run. */
    HOLD("hold", 0),
    /** etcd goes back to the minor before, live, where the version offers it. A runbook of its own. */
    ETCD_DOWNGRADE("etcd-downgrade", 2),
    /** Every member goes back to the snapshot, every node to the version before. A runbook of its own. */
    RESTORE("restore", 2);

    private final String text;
    private final int approvals;

    Rung(String text, int approvals) {
        this.text = text;
        this.approvals = approvals;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** How many different people must say yes before anything moves. */
    public int approvals() {
        return approvals;
    }

    /** Led by a runbook of its own, in a run of its own. */
    public boolean hasRunbook() {
        return this == ETCD_DOWNGRADE || this == RESTORE;
    }

    public static Optional<Rung> of(String text) {
        return Arrays.stream(values()).filter(rung -> rung.text.equals(text)).findFirst();
    }
}
