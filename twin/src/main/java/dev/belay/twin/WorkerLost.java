package dev.belay.twin;

/** The worker that asked no longer exists: no answer of this call may reach anybody. */
public final class WorkerLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WorkerLost() {
        super("this worker was cut from the simulated cluster");
    }
}
