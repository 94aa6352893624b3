package dev.belay.model.plan;

/** Something that stops the climb before its first move. */
public record Blocker(String rule, String object, String why, String remedy) {}
