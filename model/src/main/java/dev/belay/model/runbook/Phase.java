package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;

/** The four phases of a hop, fixed and in this order. */
public enum Phase {
    PREP("prep"),
    CONTROL_PLANE("controlPlane"),
    WORKERS("workers"),
    VERIFY("verify");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
