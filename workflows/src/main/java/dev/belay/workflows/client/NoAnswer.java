package dev.belay.workflows.client;

/** The server knows the run, but no worker answered for it in time, or the run is unknown. The message says which. */
public final class NoAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoAnswer(String message, Throwable cause) {
        super(message, cause);
    }
}
