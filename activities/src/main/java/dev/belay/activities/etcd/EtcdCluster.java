package dev.belay.activities.etcd;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * The etcd members behind the control plane. Ids are unsigned 64-bit numbers, as decimal text: they do not fit a Java long or a JSON
 * number. Every call says TRANSIENT/ETCD_UNREACHABLE with the member's name when it gets no answer.
 */
public interface EtcdCluster {

    /** The member list by a linearizable read, sorted by name; a member that has not started has an empty name. */
    List<EtcdMember> members();

    MemberStatus status(EtcdMember member);

    List<EtcdAlarm> alarms();

    /** Hash of the key space of this member up to a revision; comparable between members at one explicit revision. */
    MemberHash hash(EtcdMember member, long revision);

    /** Streams a snapshot of this member; checks the trailing sha256 while streaming and fails PERMANENT/SNAPSHOT_CORRUPT if it differs. */
    SnapshotReceipt snapshot(EtcdMember member, OutputStream sink) throws IOException;
}
