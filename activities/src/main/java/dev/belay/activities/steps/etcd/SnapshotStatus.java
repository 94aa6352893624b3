package dev.belay.activities.steps.etcd;

/**
 * What {@code snapshot status} says of a file. Key counts are comparable between files read by one minor only: 3.5 counts entries of all
 * buckets, 3.6 keys.
 *
 * @param hash of the file's buckets, unsigned
 */
public record SnapshotStatus(long hash, long revision, long totalKey, long totalSize) {}
