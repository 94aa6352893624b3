package dev.belay.model.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EtcdDowngradeTest {

    @Test
    void theHopsThatRaiseEtcdTo36And37CanBeTakenBackLive() {
        EtcdDowngrade to35 = of("1.33", "1.34").orElseThrow();
        EtcdDowngrade to36 = of("1.36", "1.37").orElseThrow();

        assertThat(to35.isOffered()).isTrue();
        assertThat(to35.fromMinor()).isEqualTo("3.6");
        assertThat(to35.toMinor()).isEqualTo("3.5");
        assertThat(to36.isOffered()).isTrue();
        assertThat(to36.toMinor()).isEqualTo("3.6");
    }

    @Test
    void aHopThatDoesNotRaiseEtcdHasNothingToTakeBack() {
        assertThat(of("1.34", "1.35")).isEmpty();
    }

    @Test
    void etcd35CannotGoBackLive() {
        EtcdDowngrade first = of("1.33", "1.34").orElseThrow();

        assertThat(new EtcdDowngrade(first.to(), new EtcdVersion(3, 4, 0)).isOffered())
                .isFalse();
    }

    private static Optional<EtcdDowngrade> of(String from, String to) {
        KubernetesVersion before = HopFacts.load(from).newest().version();
        KubernetesVersion after = HopFacts.load(to).newest().version();
        return EtcdDowngrade.of(new Hop(0, before, after, true, true, HopFacts.raisesEtcdMinor(before, after)));
    }
}
