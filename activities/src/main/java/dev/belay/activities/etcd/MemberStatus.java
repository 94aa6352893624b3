package dev.belay.activities.etcd;

import java.util.List;

/** What one member says of itself; sizes in bytes. */
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
        List<String> errors) {

    public MemberStatus {
        errors = List.copyOf(errors);
    }
}
