package dev.belay.activities.etcd;

/** Hash of a member's key space, with the revision it was compacted at: both must agree between members. */
public record MemberHash(long hash, long compactRevision) {}
