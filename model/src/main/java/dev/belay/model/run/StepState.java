package dev.belay.model.run;

/** Where one step stands. WAITING is for approvals and soaks. */
public enum StepState {
    PENDING,
    RUNNING,
    WAITING,
    PARKED,
    DONE,
    ALREADY_DONE,
    SKIPPED,
    UNDONE;

    /** Says whether steps that need this one may start. */
    public boolean isSatisfied() {
        return this == DONE || this == ALREADY_DONE || this == SKIPPED;
    }
}
