package dev.belay.activities.etcd;

import dev.belay.model.kubernetes.NodeName;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

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

    /** How many keys there were at a revision, by {@link KeyPrefix}; this member is asked alone. */
    Map<String, Long> counts(EtcdMember member, long revision);

    /**
     * Keys that are there now and were created after a revision, in order; this member is asked alone. Names only.
     *
     * @param most of them
     */
    List<String> createdSince(EtcdMember member, long revision, int most);

    /**
     * A throw-away member that listens on a port of the node's loopback, with the node's own etcd certificates. Nothing is asked yet: each
     * question says TRANSIENT/ETCD_UNREACHABLE while it is not up.
     */
    ScratchMember scratch(NodeName node, int port);

    /** Streams a snapshot of this member; checks the trailing sha256 while streaming and fails PERMANENT/SNAPSHOT_CORRUPT if it differs. */
    SnapshotReceipt snapshot(EtcdMember member, OutputStream sink) throws IOException;

    /**
     * Asks whether the members may be taken back to a minor, and changes nothing. Says PERMANENT/ETCD_REFUSED in etcd's own words when they
     * may not: it is not the minor before the cluster's, or a downgrade is under way.
     *
     * @param minor {@code 3.5}
     * @return the minor of the cluster version, which no other call tells
     */
    String validateDowngrade(String minor);

    /**
     * Lets the members be taken back to a minor, one by one. The cluster version and the storage version of each member fall a moment after.
     * Refuses what {@link #validateDowngrade} refuses; a second time, too.
     */
    void enableDowngrade(String minor);

    /** Takes that back while a member is still new; does nothing when no downgrade is under way. */
    void cancelDowngrade();

    /**
     * Lets the history before a revision go, and waits until the member that was asked has freed its pages; the others go on for a while.
     * Does nothing when it is gone already.
     */
    void compact(long revision);

    /** Rewrites the database file of one member without its free pages. That member answers nobody meanwhile. */
    void defragment(EtcdMember member);

    /** Ends the alarm NOSPACE of one member. etcd raises it again at the next write that finds no room. */
    void disarm(EtcdMember member);

    /**
     * Makes a place for a new member, which does not vote until it is promoted; does nothing when one with these URLs is there. It has no name
     * before it starts. etcd has room for one learner at a time.
     */
    void addLearner(List<String> peerUrls);

    /**
     * Gives a learner its vote; does nothing when it has one. Says TRANSIENT/ETCD_LEARNER_BEHIND until it has what the leader has.
     */
    void promote(EtcdMember learner);

    /** Takes a member out of the list for good: its data never join again. Does nothing when it is not there. */
    void remove(EtcdMember member);

    /** Asks the leader to hand over to a member; does nothing when that one leads. Returns before every member knows. */
    void moveLeader(EtcdMember to);
}
