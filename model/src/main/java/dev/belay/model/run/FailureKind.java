package dev.belay.model.run;

/** Why a step failed, named by what the engine must do. The name is the Temporal failure type. */
public enum FailureKind {
    /** The world may heal by itself: refused connection, leader change, 429. Retried with back-off within the step's attempts. */
    TRANSIENT(true),
    /** Not safe now: a budget blocks, quorum is thin, skew is wrong. A person decides. */
    PRECONDITION(false),
    /** Trying again cannot help: bad input, a command that exited non-zero. */
    PERMANENT(false),
    /** Sent, and the answer is lost for good. Looked at before it failed; never blindly repeated. */
    UNKNOWN(false);

    private final boolean retryable;

    FailureKind(boolean retryable) {
        this.retryable = retryable;
    }

    public boolean isRetryable() {
        return retryable;
    }
}
