package dev.belay.worker;

import dev.belay.activities.StepNotice;

/** Where a worker process tells that a run waits for a person. */
interface FarNotices {

    void hear(StepNotice notice);
}
