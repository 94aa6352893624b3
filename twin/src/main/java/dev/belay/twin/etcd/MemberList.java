package dev.belay.twin.etcd;

import dev.belay.twin.etcd.DataDirectory.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Who belongs to the cluster: its members by name, and at most one place that was made for a learner which has not started yet. */
final class MemberList {

    private final Map<String, Member> members = new LinkedHashMap<>();
    private Optional<Place> waiting = Optional.empty();

    /** Of a member that has no name before it starts. */
    record Place(long id, List<String> peerUrls) {}

    List<Member> all() {
        return List.copyOf(members.values());
    }

    List<Member> voting() {
        return members.values().stream().filter(member -> !member.isLearner()).toList();
    }

    Optional<Member> named(String name) {
        return Optional.ofNullable(members.get(name));
    }

    Optional<Place> waiting() {
        return waiting;
    }

    void add(Member member) {
        members.put(member.name(), member);
    }

    void remove(String id) {
        members.values().removeIf(member -> member.id().equals(id));
        waiting = waiting.filter(place -> !Long.toUnsignedString(place.id()).equals(id));
    }

    boolean knows(List<String> peerUrls) {
        return waiting.filter(place -> place.peerUrls().equals(peerUrls)).isPresent()
                || members.values().stream().anyMatch(member -> peerUrls.contains(member.peerUrl()));
    }

    /** Why there is no room for a learner; empty when there is. */
    Optional<String> refusesLearner() {
        return waiting.isPresent() || members.values().stream().anyMatch(Member::isLearner)
                ? Optional.of("etcdserver: too many learner members in cluster")
                : Optional.empty();
    }

    void reserve(Place place) {
        waiting = Optional.of(place);
    }

    /** A member without data takes its place, as a learner. */
    void join(Member learner) {
        waiting = Optional.empty();
        add(learner);
    }

    /** The members of a cluster that takes the place of this one. */
    void become(Identity identity) {
        waiting = Optional.empty();
        members.keySet().retainAll(identity.members().keySet());
        identity.members().forEach((name, id) -> named(name).ifPresent(member -> member.identify(id)));
    }

    /** As the log of a member of this cluster begins. */
    Identity identity(long clusterId, String of) {
        Map<String, Long> ids = new TreeMap<>();
        Map<String, String> peers = new TreeMap<>();
        members.values().forEach(member -> {
            ids.put(member.name(), Long.parseUnsignedLong(member.id()));
            peers.put(member.name(), member.peerUrl());
        });
        return new Identity(clusterId, of, ids, peers);
    }

    /** Says whether the member of a log is on the list no more. */
    boolean hasRemoved(Identity identity) {
        Optional<Long> own = Optional.ofNullable(identity.members().get(identity.name()));
        return own.map(Long::toUnsignedString)
                .filter(id -> members.values().stream()
                        .noneMatch(member -> member.id().equals(id)))
                .isPresent();
    }

    /** Why a process without data would not take its place; empty when it would. */
    Optional<String> refuses(Beginning how) {
        if (!how.existing()) {
            return Optional.of("member of " + how.directory().path() + " has already been bootstrapped");
        }
        boolean reserved =
                waiting.filter(place -> place.peerUrls().equals(how.peerUrls())).isPresent();
        Set<String> known = new TreeSet<>(Stream.concat(
                        members.values().stream().map(member -> member.name() + "=" + member.peerUrl()),
                        how.peerUrls().stream().map(url -> how.name() + "=" + url))
                .toList());
        List<String> said = new ArrayList<>(how.members());
        said.sort(String::compareTo);
        return reserved && said.equals(List.copyOf(known))
                ? Optional.empty()
                : Optional.of("error validating peerURLs " + said + ": member count is unequal");
    }
}
