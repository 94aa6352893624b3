package dev.belay.cli;

import dev.belay.model.run.RunStatus;

/** Which exit code a run's status is. */
final class Endings {

    private Endings() {}

    static Exit of(RunStatus status) {
        return switch (status) {
            case ABORTED, ROLLED_BACK -> Exit.ENDED;
            case PARKED, AWAITING_APPROVAL -> Exit.PERSON_NEEDED;
            case PLANNED, RUNNING, PAUSED, COMPLETED -> Exit.OK;
        };
    }
}
