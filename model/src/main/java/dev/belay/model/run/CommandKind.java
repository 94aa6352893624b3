package dev.belay.model.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Set;

/** What a person can tell a run to do. */
public enum CommandKind {
    /** Start no further step; running ones finish. */
    PAUSE("pause"),
    RESUME("resume"),
    /** Try a parked step again. */
    RETRY("retry"),
    /** Count a parked step as satisfied without doing it. */
    SKIP("skip"),
    APPROVE("approve"),
    REJECT("reject"),
    /** Finish running steps, undo in reverse what steps declared, end. */
    ABORT("abort"),
    /** Go back by one rung of the ladder. */
    ROLLBACK("rollback");

    private static final Set<CommandKind> REASONED = Set.of(SKIP, REJECT, ABORT, ROLLBACK);

    private final String text;

    CommandKind(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** Whether whoever says it must say why: it gives up something the runbook asks for. */
    public boolean needsReason() {
        return REASONED.contains(this);
    }
}
