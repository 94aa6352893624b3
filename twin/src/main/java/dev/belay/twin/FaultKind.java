package dev.belay.twin;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a rehearsal can let go wrong. All but the last last until a person's retry: whoever retries has mended what was broken. */
public enum FaultKind {
    /** The SSH connection is lost in the middle of the step's first change on the host, and does not come back. */
    SSH_CUT("ssh-cut"),
    /** kubeadm ends with an error: a new API server that does not come up, and is rolled back; a slow Job in a plan. */
    KUBEADM_FAILS("kubeadm-fails"),
    /** A disruption budget that covers a pod of the node allows nothing. */
    DRAIN_BLOCKED("drain-blocked"),
    /** The node's kubelet hangs. */
    NODE_NOT_READY("node-not-ready"),
    /** The API server's client certificate for kubelets has run out. */
    CERTIFICATE_EXPIRED("certificate-expired"),
    /** An etcd member is over its quota: nothing can be written. */
    ETCD_NOSPACE("etcd-nospace"),
    /** The node loses its power, and has it again when whoever retries has seen to it. */
    POWER_CUT("power-cut"),
    /** The worker dies after the step's first change; the rehearsal starts another one. */
    WORKER_KILLED("worker-killed");

    private final String text;

    FaultKind(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    static Optional<FaultKind> find(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(FaultKind::text).collect(Collectors.joining(", "));
    }
}
