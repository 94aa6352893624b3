package dev.belay.twin.etcd;

import java.util.Collection;
import java.util.Optional;

/**
 * The minor that the members have agreed on. It is the lowest of theirs and rises with the last of them, but while a downgrade is enabled it is
 * the target's; when the last member is of that minor too, the downgrade is over.
 */
final class ClusterVersion {

    private int minor;
    private Optional<Integer> target = Optional.empty();

    void found(int at) {
        minor = at;
        target = Optional.empty();
    }

    int minor() {
        return minor;
    }

    /** Of the downgrade that is enabled. */
    Optional<Integer> target() {
        return target;
    }

    /** The leader looks at the versions of all members, as it does every few seconds. */
    void agree(Collection<Integer> members) {
        int lowest = members.stream().mapToInt(Integer::intValue).min().orElse(minor);
        int highest = members.stream().mapToInt(Integer::intValue).max().orElse(minor);
        minor = target.orElse(Math.max(minor, lowest));
        target = target.filter(wanted -> highest > wanted);
    }

    /** Why etcd would not be taken back to a version; empty when it would. */
    Optional<String> refuses(String version) {
        Optional<Integer> wanted = minor(version);
        if (wanted.isEmpty()) {
            return Optional.of("etcdserver: wrong downgrade target version format");
        }
        if (wanted.get() != minor - 1) {
            return Optional.of("etcdserver: invalid downgrade target version");
        }
        return target.map(underWay -> "etcdserver: cluster has a downgrade job in progress");
    }

    void enable(String version) {
        target = minor(version);
    }

    void cancel() {
        target = Optional.empty();
    }

    private static Optional<Integer> minor(String version) {
        return version.matches("3\\.\\d{1,3}(\\.\\d+)?") ? Optional.of(EtcdRing.minor(version)) : Optional.empty();
    }
}
