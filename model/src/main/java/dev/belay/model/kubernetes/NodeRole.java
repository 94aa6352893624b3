package dev.belay.model.kubernetes;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a node is to kubeadm; the text is the one scripts read. */
public enum NodeRole {
    CONTROL_PLANE("controlPlane"),
    WORKER("worker");

    private final String text;

    NodeRole(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
