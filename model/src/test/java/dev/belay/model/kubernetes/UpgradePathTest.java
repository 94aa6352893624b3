package dev.belay.model.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradePathTest {

    static List<List<KubernetesVersion>> pairs() {
        List<KubernetesVersion> versions =
                HopFacts.all().stream().map(facts -> facts.newest().version()).toList();
        List<List<KubernetesVersion>> pairs = new ArrayList<>();
        for (KubernetesVersion from : versions) {
            for (KubernetesVersion to : versions) {
                if (from.compareTo(to) < 0) {
                    pairs.add(List.of(from, to));
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void climbsEveryPairOneMinorAtATime(List<KubernetesVersion> pair) {
        UpgradePath path = UpgradePath.of(pair.get(0), pair.get(1), Map.of());

        List<Hop> hops = path.hops();
        assertThat(path.findings()).isEmpty();
        assertThat(hops).hasSize(pair.get(1).minor() - pair.get(0).minor());
        assertThat(hops.get(0).from()).isEqualTo(pair.get(0));
        assertThat(hops.get(hops.size() - 1).to()).isEqualTo(pair.get(1));
        for (int i = 0; i < hops.size(); i++) {
            assertThat(hops.get(i).index()).isEqualTo(i);
            assertThat(hops.get(i).first()).isEqualTo(i == 0);
            assertThat(hops.get(i).last()).isEqualTo(i == hops.size() - 1);
            assertThat(hops.get(i).to().minor()).isEqualTo(hops.get(i).from().minor() + 1);
            assertThat(VersionSkew.hop(hops.get(i).from(), hops.get(i).to())).isEmpty();
            assertThat(i == 0 ? pair.get(0) : hops.get(i - 1).to())
                    .isEqualTo(hops.get(i).from());
        }
    }

    @Test
    void climbsSevenHopsWithTheNewestPatchesOnTheWay() {
        assertThat(way(UpgradePath.of(version("v1.25.16"), "v1.32.13", List.of(), Map.of())))
                .containsExactly(
                        "v1.25.16 to v1.26.15",
                        "v1.26.15 to v1.27.16",
                        "v1.27.16 to v1.28.15",
                        "v1.28.15 to v1.29.15",
                        "v1.29.15 to v1.30.14",
                        "v1.30.14 to v1.31.14",
                        "v1.31.14 to v1.32.13");
    }

    @Test
    void forcesNoPatchOfThePresentMinor() {
        assertThat(way(UpgradePath.of(version("v1.33.0"), "v1.34.4", List.of(), Map.of())))
                .containsExactly("v1.33.0 to v1.34.4");
    }

    @Test
    void goesToANewerPatchInOneHop() {
        UpgradePath path = UpgradePath.of(version("v1.33.4"), "v1.33.13", List.of(), Map.of());

        assertThat(path.hops()).containsExactly(new Hop(0, version("v1.33.4"), version("v1.33.13"), true, true, false));
    }

    @Test
    void takesANewerPatchFirstWhenAsked() {
        UpgradePath path = UpgradePath.of(version("v1.33.4"), "v1.34.4", List.of("v1.33.13"), Map.of());

        assertThat(path.hops())
                .containsExactly(
                        new Hop(0, version("v1.33.4"), version("v1.33.13"), true, false, false),
                        new Hop(1, version("v1.33.13"), version("v1.34.4"), false, true, true));
    }

    @Test
    void goesThroughTheVersionsNamed() {
        assertThat(way(UpgradePath.of(version("v1.31.14"), "v1.34.4", List.of("1.32.4", "v1.33.5"), Map.of())))
                .containsExactly("v1.31.14 to v1.32.4", "v1.32.4 to v1.33.5", "v1.33.5 to v1.34.4");
    }

    @Test
    void namesTheMinorsInWhichAVersionHasToBeChosen() {
        assertThat(UpgradePath.minorsBetween(version("v1.31.14"), version("v1.34.4")))
                .containsExactly("1.32", "1.33");
        assertThat(UpgradePath.minorsBetween(version("v1.33.13"), version("v1.34.4")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "v1.33.13, v1.33.13, target-equal, newer than v1.33.13",
        "v1.33.13, v1.33.4, target-older, newer than v1.33.13",
        "v1.33.13, v1.32.13, target-older, for example v1.34.12",
        "v1.37.1, v1.37.1, target-equal, newer than v1.37.1",
        "v1.37.1, v1.38.0, target-unknown, 1.24 to 1.37",
        "v1.33.13, v2.0.0, target-unknown, 1.24 to 1.37",
        "v1.33.13, v1.340.0, target-unknown, 1.24 to 1.37",
        "v1.33.13, v1.23.17, target-unknown, 1.24 to 1.37",
        "v1.22.17, v1.24.17, from-unknown, 1.24 to 1.37",
        "v1.29.15, v1.30.0, target-known-bad, v1.30.14",
        "v1.27.16, v1.28.1, target-known-bad, v1.28.15",
        "v1.33.13, 1.34, target-unreadable, v1.34.4",
        "v1.33.13, latest, target-unreadable, v1.34.4",
        "v1.33.13, v1.34.4-rc.0, target-unreadable, v1.34.4",
        "v1.33.13, v1.34.4; rm -rf /, target-unreadable, v1.34.4",
        "v1.33.13, '', target-unreadable, v1.34.4"
    })
    void refusesATargetAndSaysWhatWouldBeRight(String from, String target, String rule, String remedy) {
        UpgradePath path = UpgradePath.of(version(from), target, List.of(), Map.of());

        assertThat(path.hops()).isEmpty();
        assertThat(path.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.remedy()).contains(remedy);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1.31.0", "v1.32.0", "v1.35.0", "v1.34.1", "v1.30.0"})
    void refusesAStopThatIsNotOnTheWay(String stop) {
        UpgradePath path = UpgradePath.of(version("v1.32.13"), "v1.34.4", List.of(stop), Map.of());

        assertThat(path.hops()).isEmpty();
        assertThat(path.findings()).extracting(Finding::rule).contains("via-not-between");
    }

    @Test
    void refusesAStopOnTheWayToAPatch() {
        assertThat(UpgradePath.of(version("v1.33.4"), "v1.33.13", List.of("v1.33.5"), Map.of())
                        .findings())
                .extracting(Finding::rule)
                .containsExactly("via-not-between");
    }

    @Test
    void refusesToPassThroughABadVersion() {
        assertThat(UpgradePath.of(version("v1.29.15"), "v1.31.14", List.of("v1.30.0"), Map.of())
                        .findings())
                .extracting(Finding::rule)
                .containsExactly("via-known-bad");
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        UpgradePath path =
                UpgradePath.of(version("v1.31.14"), "v1.34.4", List.of("v1.32.1", "v1.32.2", "x", "v1.20.0"), Map.of());

        assertThat(path.hops()).isEmpty();
        assertThat(path.findings())
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder("via-twice", "via-unreadable", "via-not-between");
    }

    private static List<String> way(UpgradePath path) {
        return path.hops().stream().map(hop -> hop.from() + " to " + hop.to()).toList();
    }

    private static KubernetesVersion version(String text) {
        return KubernetesVersion.parse(text);
    }
}
