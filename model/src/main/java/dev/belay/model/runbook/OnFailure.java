package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;

/** What the engine does when a step's automatic retries have ended. */
public enum OnFailure {
    /** Stand still and wait for a person. The default. */
    PARK("park"),
    /**
     * Take the phase back as far as that needs no approval, the last effect first, and then stand still: the ledger decides, by what each step
     * type can undo and reverse.
     */
    ROLLBACK("rollback"),
    /** Record the failure and go on: only for steps that decide nothing. */
    CONTINUE("continue");

    private final String text;

    OnFailure(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
