package dev.belay.model.runbook;

import org.jspecify.annotations.Nullable;

/**
 * Which nodes a group visits, in the inventory's order.
 *
 * @param nodes the set selected from
 * @param skip nodes left out at the start of the set
 * @param skipLast nodes left out at its end
 * @param take how many at most; null takes all that are left
 * @param last only the last n of the set; null for no such bound; excludes skip, skipLast and take
 * @param batch how many at a time
 */
public record ForEach(
        NodeSet nodes,
        int skip,
        int skipLast,
        @Nullable Integer take,
        @Nullable Integer last,
        Batch batch) {}
