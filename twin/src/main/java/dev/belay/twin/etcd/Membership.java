package dev.belay.twin.etcd;

import dev.belay.twin.etcd.MemberList.Place;
import dev.belay.twin.time.Seed;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes of the member list, with etcd's rules for them. */
public final class Membership {

    private final EtcdRing ring;
    private final MemberList list;
    private final Seed seed;

    Membership(EtcdRing ring, MemberList list, Seed seed) {
        this.ring = ring;
        this.list = list;
        this.seed = seed;
    }

    /** The place of a learner that has not started: its id, and its URLs. */
    public Optional<Map.Entry<String, List<String>>> waiting() {
        return list.waiting().map(place -> Map.entry(Long.toUnsignedString(place.id()), place.peerUrls()));
    }

    /** Makes a place for a learner; says in etcd's words why not. */
    public Optional<String> addLearner(List<String> peerUrls) {
        if (list.knows(peerUrls)) {
            return Optional.empty();
        }
        Optional<String> refused = list.refusesLearner();
        if (refused.isEmpty()) {
            long id = seed.number("etcd member " + peerUrls + " " + ring.raftIndex()) | Long.MIN_VALUE;
            list.reserve(new Place(id, peerUrls));
        }
        return refused;
    }

    /** Says whether a member has its vote afterwards. */
    public boolean promote(String id) {
        Optional<Member> found = list.all().stream()
                .filter(member -> member.id().equals(id) && (!member.isLearner() || ring.caughtUp(member)))
                .findFirst();
        found.ifPresent(Member::promote);
        return found.isPresent();
    }

    /** Says whether the others could do without a member. */
    public boolean spares(String id) {
        long others =
                list.voting().stream().filter(member -> !member.id().equals(id)).count();
        long serving = list.all().stream()
                .filter(member -> ring.serves(member) && !member.id().equals(id))
                .count();
        return serving > others / 2;
    }

    /** Takes a member off the list, and ends it. */
    public void remove(String id) {
        list.all().stream().filter(member -> member.id().equals(id)).forEach(ring::stop);
        list.remove(id);
    }
}
