package dev.belay.model.kubernetes;

/**
 * Something found that stands in the way or should be known, said to a person.
 *
 * @param rule stable id such as {@code target-older}
 * @param object what it is about: a version, a node, a member
 * @param why one sentence
 * @param remedy what would be right
 */
public record Finding(String rule, String object, String why, String remedy) {}
