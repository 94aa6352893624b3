package dev.belay.model.run;

/** Where a run stands. */
public enum RunStatus {
    PLANNED,
    RUNNING,
    AWAITING_APPROVAL,
    PAUSED,
    PARKED,
    COMPLETED,
    ABORTED,
    ROLLED_BACK;

    public boolean isClosed() {
        return this == COMPLETED || this == ABORTED || this == ROLLED_BACK;
    }
}
