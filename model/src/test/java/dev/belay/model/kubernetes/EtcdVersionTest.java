package dev.belay.model.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdVersionTest {

    @ParameterizedTest
    @CsvSource({"3.5.9,3.5.24", "3.5.24-0,3.6.0", "3.9.0,3.10.0", "v3.5.3,3.5.4"})
    void ordersByNumber(String lower, String higher) {
        assertThat(EtcdVersion.parse(lower)).isLessThan(EtcdVersion.parse(higher));
    }

    @ParameterizedTest
    @CsvSource({"3.5.35,3.6.0,true", "3.6.0,3.5.35,false", "3.5.3,3.5.35,false", "3.9.9,4.0.0,true"})
    void tellsAnOlderMinorFromAnOlderPatch(String one, String other, boolean older) {
        assertThat(EtcdVersion.parse(one).isOfOlderMinorThan(EtcdVersion.parse(other)))
                .isEqualTo(older);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3.5", "latest", "3.5.24-0; reboot", "3.5.24\n", "3.5.24-alpha"})
    void refusesWhatIsNoVersion(String text) {
        assertThatThrownBy(() -> EtcdVersion.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.5.24");
    }
}
