package dev.belay.model.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.model.plan.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HopFactsTest {

    @Test
    void knowsEveryMinorFromTheOldestToTheNewest() {
        assertThat(HopFacts.all())
                .extracting(HopFacts::minor)
                .containsExactlyElementsOf(IntStream.rangeClosed(24, 37)
                        .mapToObj(minor -> "1." + minor)
                        .toList());
    }

    static List<HopFacts> all() {
        return HopFacts.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void namesASourceForEveryRow(HopFacts facts) {
        JsonNode tree = Json.mapper().valueToTree(facts);

        tree.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                assertThat(field.getValue().path("source").asText()).isNotBlank();
            }
            if (field.getValue().isArray()) {
                field.getValue().forEach(row -> assertThat(row.path("source").asText())
                        .as("%s", row)
                        .isNotBlank());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void namesANewestPatchOfItsOwnMinorThatIsNotBad(HopFacts facts) {
        assertThat(facts.newest().version().minorText()).isEqualTo(facts.minor());
        assertThat(KnownBad.of(facts.newest().version())).noneMatch(KnownBad::blocks);
    }

    @ParameterizedTest
    @MethodSource("all")
    void writesAConfigurationItCanRead(HopFacts facts) {
        assertThat(facts.kubeadmConfig().reads()).contains(facts.kubeadmConfig().writes());
    }

    @ParameterizedTest
    @MethodSource("all")
    void spellsFlagsAsTheyAreTyped(HopFacts facts) {
        assertThat(facts.removedFlags()).allSatisfy(row -> {
            assertThat(row.component())
                    .isIn("kubelet", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy");
            assertThat(row.flags())
                    .allMatch(flag -> flag.matches("--[a-z][a-z-]+"))
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void tellsGatesOfKubeadmFromThoseOfKubernetes() {
        assertThat(HopFacts.load("1.33").removedGates()).contains("CPUManager").doesNotContain("EtcdLearnerMode");
        assertThat(HopFacts.load("1.33").removedFeatureGates())
                .extracting(HopFacts.RemovedFeatureGates::component)
                .containsExactly("kubernetes", "kubeadm");
    }

    @Test
    void readsWhatTheNextMinorsKubeadmWrote() {
        List<HopFacts> all = HopFacts.all();

        IntStream.range(1, all.size())
                .forEach(i -> assertThat(all.get(i).kubeadmConfig().reads())
                        .contains(all.get(i - 1).kubeadmConfig().writes()));
    }

    @ParameterizedTest
    @CsvSource({
        "v1.24.17, v1.25.16, false",
        "v1.32.13, v1.33.13, false",
        "v1.33.13, v1.34.4, true",
        "v1.34.4, v1.34.12, false",
        "v1.34.4, v1.35.9, false",
        "v1.36.5, v1.37.1, true"
    })
    void saysWhichHopsRaiseEtcdsMinor(String from, String to, boolean raises) {
        assertThat(HopFacts.raisesEtcdMinor(KubernetesVersion.parse(from), KubernetesVersion.parse(to)))
                .isEqualTo(raises);
    }

    @Test
    void knowsWhatStopsAKubeletFromStarting() {
        assertThat(HopFacts.load("1.27").removedFlags("kubelet")).contains("--container-runtime");
        assertThat(HopFacts.load("1.37").removedFlags("kubelet")).hasSize(18);
        assertThat(HopFacts.load("1.36").removedFlags("kubelet")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.23", "1.38", "2.0", "", "1.30.1", "../1.30", "1.30\n"})
    void refusesAMinorItDoesNotKnow(String minor) {
        assertThatThrownBy(() -> HopFacts.load(minor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.24 to 1.37");
    }

    @Test
    void readsAFileThatIsExact() {
        assertThat(HopFacts.parse("test.yaml", MINIMAL.getBytes(StandardCharsets.UTF_8))
                        .minor())
                .isEqualTo("1.34");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "checks: []|checks: [{id: a, what: b, action: c, source: d, colour: red}]|colour",
                "checks: []|checks: [{id: a, what: b, source: d}]|action",
                "checks: []|checks: [{id: a, what: b, action: c, source: ' '}]|no source",
                "checks: []|checks: [{id: a, what: b, action: c}]|source",
                "checks: []|colour: red|colour",
                "checks: []|changes: []|changes",
                "v1.34.4|v1.34|v1.34.4",
                "etcdBefore: []|etcdBefore: [{minimum: '3.5', severity: block, why: a, source: b}]|3.5.24",
                "etcdBefore: []|etcdBefore: [{minimum: 3.5.1, severity: perhaps, why: a, source: b}]|perhaps"
            })
    void refusesAFileThatIsNot(String part, String replacement, String complaint) {
        byte[] bad = MINIMAL.replace(part, replacement).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> HopFacts.parse("test.yaml", bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("test.yaml")
                .hasMessageContaining(complaint);
    }

    private static final String MINIMAL = """
            minor: '1.34'
            newest: {version: v1.34.4, source: a}
            imageRepository: {name: registry.k8s.io, source: a}
            images: {etcd: 3.6.5-0, coredns: v1.12.1, pause: '3.10.1', source: a}
            kubeadmConfig: {reads: [v1beta4], writes: v1beta4, source: a}
            containerd: {minimum: 1.7.28, supported: [1.7.28+], source: a}
            etcdBefore: []
            removedFlags: []
            removedFeatureGates: []
            removedApis: []
            changes: []
            checks: []
            """;
}
