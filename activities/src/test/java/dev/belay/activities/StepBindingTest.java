package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.kubernetes.KubernetesVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StepBindingTest {

    record Input(
            @Doc("Must be there") String name,
            @Doc(value = "How long", byDefault = "15m") Duration timeout,
            @Doc(value = "How many", byDefault = "2") int count,
            @Doc(value = "Whether", byDefault = "true") boolean whether,
            @Doc("Which") @Nullable KubernetesVersion version,

            @Doc(
                    value = "Packages",
                    byDefault = "kubeadm",
                    oneOf = {"kubeadm", "kubelet"})
            List<String> packages) {}

    @Test
    void fillsInWhatIsLeftOut() {
        assertThat(StepBinding.input(Input.class, Map.of("name", "x")))
                .isEqualTo(new Input("x", Duration.ofMinutes(15), 2, true, null, List.of("kubeadm")));
    }

    @Test
    void takesEveryTypeARunbookCanWrite() {
        Map<String, Object> with = Map.of(
                "name",
                "x",
                "timeout",
                "1h30m",
                "count",
                7L,
                "whether",
                false,
                "version",
                "1.34.4",
                "packages",
                List.of("kubelet"));

        assertThat(StepBinding.input(Input.class, with))
                .isEqualTo(new Input(
                        "x", Duration.ofMinutes(90), 7, false, KubernetesVersion.parse("v1.34.4"), List.of("kubelet")));
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        Map<String, Object> with = Map.of(
                "timeout",
                "soon",
                "count",
                1.5,
                "whether",
                "yes",
                "version",
                "latest; rm -rf /",
                "packages",
                List.of("kubeadm\n", "vim"),
                "colour",
                "red");

        assertThatThrownBy(() -> StepBinding.input(Input.class, with))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("\"name\" is missing: Must be there")
                .hasMessageContaining("\"timeout\" should be a duration such as")
                .hasMessageContaining("\"count\" should be a whole number")
                .hasMessageContaining("\"whether\" should be true or false")
                .hasMessageContaining("\"version\" should be a version such as")
                .hasMessageContaining("\"packages\" can be kubeadm, kubelet")
                .hasMessageContaining("\"colour\" is not an input; there are: name, timeout");
    }

    @Test
    void doesNotCutANumberThatIsTooLong() {
        assertThat(StepBinding.problems(Input.class, Map.of("name", "x", "count", 3_000_000_000L)))
                .singleElement()
                .asString()
                .contains("count");
    }

    @Test
    void givesAnOutputToLaterStepsAndTakesItBack() {
        Input record = new Input(
                "x", Duration.ofSeconds(90), 7, false, KubernetesVersion.parse("v1.34.4"), List.of("kubelet"));

        Map<String, Object> output = StepBinding.output(record);

        assertThat(output)
                .containsEntry("timeout", "1m30s")
                .containsEntry("count", 7L)
                .containsEntry("version", "v1.34.4");
        assertThat(StepBinding.restore(Input.class, output)).isEqualTo(record);
        assertThat(StepBinding.restore(Input.class, Map.of("unknown", 1))).isNull();
    }
}
