package dev.belay.twin.kube;

/** Text that is no stream of Kubernetes objects. */
public final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
        super(message);
    }
}
