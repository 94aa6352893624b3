package dev.belay.activities.steps;

/** The input of a step that takes none, or the output of one that gives none. */
public record Nothing() {}
