package dev.belay.model.runbook;

import com.fasterxml.jackson.annotation.JsonValue;

/** The sets of nodes a group can visit. Those of etcd are the control planes, or the hosts of an external etcd, which are in no other set. */
public enum NodeSet {
    CONTROL_PLANE("controlPlane"),
    WORKERS("workers"),
    ETCD("etcd"),
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
