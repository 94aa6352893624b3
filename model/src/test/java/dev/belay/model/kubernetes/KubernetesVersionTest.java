package dev.belay.model.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesVersionTest {

    @ParameterizedTest
    @CsvSource({"v1.9.0,v1.10.0", "v1.30.9,v1.30.10", "v1.99.0,v1.100.0", "1.33.13,v1.34.4"})
    void ordersByNumberAndNotByText(String lower, String higher) {
        assertThat(KubernetesVersion.parse(lower)).isLessThan(KubernetesVersion.parse(higher));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v1", "1.32+", "v1.34.4-rc.0", "v1.34", "v1.34.4; rm -rf /", "latest", "v1.34.4\n"})
    void refusesWhatIsNotARelease(String text) {
        assertThatThrownBy(() -> KubernetesVersion.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("v1.34.4");
    }

    @Test
    void namesItsMinorAsRepositoriesDo() {
        assertThat(KubernetesVersion.parse("v1.34.4").minorText()).isEqualTo("1.34");
    }
}
