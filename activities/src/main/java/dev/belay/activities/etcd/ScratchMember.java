package dev.belay.activities.etcd;

import java.util.Map;

/** One throw-away member alone in its cluster, started to look at a restored snapshot. Failures are those of {@link EtcdCluster}. */
public interface ScratchMember extends AutoCloseable {

    MemberStatus status();

    MemberHash hash(long revision);

    /** See {@link EtcdCluster#counts}. */
    Map<String, Long> counts(long revision);

    /** Forgets the history up to a revision; does nothing when it is gone already. */
    void compact(long revision);

    /** Ends the connection; the member goes on. */
    @Override
    void close();
}
