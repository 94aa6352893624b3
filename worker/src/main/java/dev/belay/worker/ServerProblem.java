package dev.belay.worker;

/** The Temporal server cannot be used as asked; the message is one for people and says what to do. */
public final class ServerProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ServerProblem(String message) {
        super(message);
    }

    public ServerProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
