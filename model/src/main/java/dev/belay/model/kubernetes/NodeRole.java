package dev.belay.model.kubernetes;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a host is to kubeadm, or that it runs a member of an external etcd, of which kubeadm knows nothing. The text is what scripts read. */
public enum NodeRole {
    CONTROL_PLANE("controlPlane"),
    WORKER("worker"),
    ETCD("etcd");

    private final String text;

    NodeRole(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }
}
