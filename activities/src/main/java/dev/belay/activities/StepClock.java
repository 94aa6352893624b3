package dev.belay.activities;

import java.time.Duration;
import java.time.Instant;

/** The time of the world a step works on: the machine's, or the twin's. */
public interface StepClock {

    Instant now();

    /** Waits; heartbeats go on meanwhile, and a cancelled or lost step throws out of it. */
    void sleep(Duration duration);
}
