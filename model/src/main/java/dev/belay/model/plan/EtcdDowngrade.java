package dev.belay.model.plan;

import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import java.util.Optional;

/**
 * The minors of etcd between which a hop could be taken back live. etcd offers it from 3.6 on, one minor at a time
 * (https://etcd.io/docs/v3.6/downgrades/downgrade_3_6).
 */
public record EtcdDowngrade(EtcdVersion from, EtcdVersion to) {

    private static final EtcdVersion FIRST = new EtcdVersion(3, 6, 0);

    /** Empty when the hop did not raise etcd's minor, or Belay has no facts about it. */
    public static Optional<EtcdDowngrade> of(Hop hop) {
        if (!hop.raisesEtcdMinor() || !HopFacts.knows(hop.from()) || !HopFacts.knows(hop.to())) {
            return Optional.empty();
        }
        return Optional.of(
                new EtcdDowngrade(etcd(hop.to().minorText()), etcd(hop.from().minorText())));
    }

    private static EtcdVersion etcd(String kubernetes) {
        return HopFacts.load(kubernetes).images().etcdVersion();
    }

    public boolean isOffered() {
        return !from.isOfOlderMinorThan(FIRST) && to.major() == from.major() && to.minor() == from.minor() - 1;
    }

    /** {@code 3.6}. */
    public String fromMinor() {
        return minor(from);
    }

    /** {@code 3.5}. */
    public String toMinor() {
        return minor(to);
    }

    private static String minor(EtcdVersion version) {
        return version.major() + "." + version.minor();
    }
}
