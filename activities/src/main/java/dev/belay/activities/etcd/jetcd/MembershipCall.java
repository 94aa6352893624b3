package dev.belay.activities.etcd.jetcd;

import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.ClusterGrpc.ClusterBlockingStub;
import io.etcd.jetcd.api.MemberAddRequest;
import io.etcd.jetcd.api.MemberPromoteRequest;
import io.etcd.jetcd.api.MemberRemoveRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Changes of the member list. What etcd refuses since it is so already counts as done: the answer to a first attempt may have been lost. */
record MembershipCall(Channel channel, Duration limit) {

    /** The second is etcd's word where the id, made of the URLs and the time, is taken. */
    private static final Set<String> THERE = Set.of("Peer URLs already exists", "member ID already exist");

    private static final Set<String> GONE = Set.of("member not found");
    private static final Set<String> VOTING = Set.of("can only promote a learner member");

    /** A place for a member that does not vote; true. */
    boolean addLearner(List<String> peerUrls) {
        MemberAddRequest request = MemberAddRequest.newBuilder()
                .addAllPeerURLs(peerUrls)
                .setIsLearner(true)
                .build();
        return unless(THERE, () -> stub().memberAdd(request));
    }

    /** The learner votes; true. */
    boolean promote(String id) {
        MemberPromoteRequest request = MemberPromoteRequest.newBuilder()
                .setID(Long.parseUnsignedLong(id))
                .build();
        return unless(VOTING, () -> stub().memberPromote(request));
    }

    /** The member is gone; true. */
    boolean remove(String id) {
        MemberRemoveRequest request = MemberRemoveRequest.newBuilder()
                .setID(Long.parseUnsignedLong(id))
                .build();
        return unless(GONE, () -> stub().memberRemove(request));
    }

    private static boolean unless(Set<String> already, Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            String words = String.valueOf(e.getStatus().getDescription()).replaceFirst("^etcdserver: ", "");
            if (!already.contains(words)) {
                throw e;
            }
        }
        return true;
    }

    private ClusterBlockingStub stub() {
        return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
