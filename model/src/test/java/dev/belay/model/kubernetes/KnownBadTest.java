package dev.belay.model.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownBadTest {

    @ParameterizedTest
    @ValueSource(strings = {"v1.28.0", "v1.28.2", "v1.30.0"})
    void blocksReleasesThatBreakClusters(String version) {
        assertThat(KnownBad.of(KubernetesVersion.parse(version))).anyMatch(KnownBad::blocks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1.27.16", "v1.28.3", "v1.29.15", "v1.30.1", "v1.31.14", "v1.33.13", "v1.37.1"})
    void knowsNothingAgainstTheirNeighbours(String version) {
        assertThat(KnownBad.of(KubernetesVersion.parse(version))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3.5.0,true", "3.5.2,true", "3.5.3,false", "3.5.24,false", "3.6.0,false", "3.4.30,false"})
    void blocksAnEtcdWhoseDataMayDiffer(String version, boolean blocked) {
        assertThat(KnownBad.of(EtcdVersion.parse(version)).stream().anyMatch(KnownBad::blocks))
                .isEqualTo(blocked);
    }

    @Test
    void warnsOfEverythingKnownAgainstAVersion() {
        assertThat(KnownBad.of(EtcdVersion.parse("3.6.3")))
                .hasSizeGreaterThan(2)
                .noneMatch(KnownBad::blocks);
        assertThat(KnownBad.of(EtcdVersion.parse("3.5.35"))).isEmpty();
    }

    @Test
    void readsItsWholeFile() {
        assertThat(KnownBad.all()).hasSizeGreaterThan(10).allSatisfy(row -> {
            if (row.component() == KnownBad.Component.ETCD) {
                assertThat(EtcdVersion.parse(row.from())).isLessThanOrEqualTo(EtcdVersion.parse(row.to()));
            } else {
                assertThat(KubernetesVersion.parse(row.from())).isLessThanOrEqualTo(KubernetesVersion.parse(row.to()));
            }
        });
    }
}
