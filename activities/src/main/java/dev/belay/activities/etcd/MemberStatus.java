package dev.belay.activities.etcd;

import java.util.List;

/**
 * What one member says of itself; sizes in bytes.
 *
 * @param storageVersion what its data are written for, {@code 3.6.0}; empty before etcd 3.6
 * @param downgradeTarget the version that members are being taken back to; empty when none is, and before etcd 3.6
 */
public record MemberStatus(
        String clusterId,
        String memberId,
        String leaderId,
        String version,
        long revision,
        long raftTerm,
        long raftIndex,
        long raftAppliedIndex,
        long dbSize,
        long dbSizeInUse,
        boolean learner,
        List<String> errors,
        String storageVersion,
        String downgradeTarget) {

    public MemberStatus {
        errors = List.copyOf(errors);
    }

    /** The same without the errors that contain these words. */
    public MemberStatus withoutError(String words) {
        return new MemberStatus(
                clusterId,
                memberId,
                leaderId,
                version,
                revision,
                raftTerm,
                raftIndex,
                raftAppliedIndex,
                dbSize,
                dbSizeInUse,
                learner,
                errors.stream().filter(error -> !error.contains(words)).toList(),
                storageVersion,
                downgradeTarget);
    }
}
