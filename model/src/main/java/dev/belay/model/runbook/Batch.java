package dev.belay.model.runbook;

/**
 * How a group's nodes are cut into batches. A batch begins only when every node of the one before it is done.
 *
 * @param canary nodes of the first batch; 0 for none
 * @param size nodes of each later batch: a number, or a share of the set such as {@code 10%}, at least one
 * @param max upper bound of a batch, at most 25 (a batch is awaited as child workflows)
 * @param byZone a batch never holds nodes of two zones
 */
public record Batch(int canary, String size, int max, boolean byZone) {

    /** One node at a time. */
    public static final Batch ONE = new Batch(0, "1", 25, false);
}
