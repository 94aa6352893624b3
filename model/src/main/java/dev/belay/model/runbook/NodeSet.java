package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;

/** The sets of nodes a group can visit. */
public enum NodeSet {
    CONTROL_PLANE("controlPlane"),
    WORKERS("workers"),
    ALL("all");

    private final String text;

    NodeSet(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
