package dev.belay.activities;

import dev.belay.model.run.StepCall;

/**
 * A run tells the world around it that it begins, or ceases, to wait for a person.
 *
 * @param event PARKED, AWAITING_APPROVAL or RESUMED
 * @param node empty when no node is meant
 */
public record StepNotice(StepCall call, String event, String step, String node, String why) {}
