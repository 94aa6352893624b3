package dev.belay.model.run;

/** The answer to a command: accepted, or refused with the reason in words. Both stand in the run's history. */
public record Reply(boolean accepted, String why) {}
