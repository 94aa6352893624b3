package dev.belay.model.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionSkewTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "v1.34.4, v1.34.4, -",
                "v1.34.4, v1.34.9, -",
                "v1.34.4, v1.33.13, -",
                "v1.34.4, v1.31.14, -",
                "v1.34.4, v1.30.14, skew-kubelet-older",
                "v1.34.4, v1.35.0, skew-kubelet-newer",
                "v1.27.16, v1.25.16, -",
                "v1.28.15, v1.25.16, -",
                "v1.27.16, v1.24.17, skew-kubelet-older",
                "v1.26.15, v1.24.17, -"
            })
    void allowsKubeletsThreeMinorsBehindAndNoneAhead(String server, String kubelet, String rule) {
        var findings = VersionSkew.kubelets(version(server), Map.of(new NodeName("w1"), version(kubelet)));

        assertThat(findings).extracting(Finding::rule).isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    @Test
    void namesEveryKubeletThatIsOutOfReach() {
        Map<NodeName, KubernetesVersion> kubelets = new TreeMap<>(Map.of(
                new NodeName("w1"), version("v1.20.0"),
                new NodeName("w2"), version("v1.34.4"),
                new NodeName("w3"), version("v1.36.0")));

        assertThat(VersionSkew.kubelets(version("v1.34.4"), kubelets))
                .extracting(Finding::object)
                .containsExactly("w1", "w3");
    }

    @ParameterizedTest
    @CsvSource({"v1.33.13, v1.34.4, 0", "v1.33.1, v1.33.13, 0", "v1.32.13, v1.34.4, 1"})
    void wantsApiServersAtMostOneMinorApart(String one, String other, int findings) {
        assertThat(VersionSkew.apiServers(
                        Map.of(new NodeName("cp1"), version(one), new NodeName("cp2"), version(other))))
                .hasSize(findings);
    }

    @Test
    void findsNothingAmongNoApiServers() {
        assertThat(VersionSkew.apiServers(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "v1.33.13, v1.34.4, 0",
        "v1.33.4, v1.33.13, 0",
        "v1.33.13, v1.35.0, 1",
        "v1.34.4, v1.33.13, 1",
        "v1.34.4, v1.34.3, 1",
        "v1.37.1, v2.0.0, 1"
    })
    void hopsOneMinorAtATime(String from, String to, int findings) {
        assertThat(VersionSkew.hop(version(from), version(to))).hasSize(findings);
    }

    private static KubernetesVersion version(String text) {
        return KubernetesVersion.parse(text);
    }
}
