package dev.belay.model.graph;

/**
 * One thing wrong with a graph.
 *
 * @param rule {@code duplicate-id}, {@code missing-need}, {@code duplicate-need} or {@code cycle}
 * @param index of the step in its list
 * @param need place among what the step needs; -1 when the step itself is meant
 */
public record GraphProblem(String rule, int index, int need, String message) {}
