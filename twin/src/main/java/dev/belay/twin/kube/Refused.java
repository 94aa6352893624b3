package dev.belay.twin.kube;

/** What an API server refuses, in its words. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Refused(String message) {
        super(message);
    }
}
