package dev.belay.activities.etcd;

/** A streamed snapshot: the member, the revision it answered with before, the whole file's size and sha256, and the member's version. */
public record SnapshotReceipt(String member, long revision, long bytes, String sha256, String version) {}
