package dev.belay.model.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "90s,PT90S,1m30s",
        "5m,PT5M,5m",
        "1h30m,PT90M,1h30m",
        "12h,PT12H,12h",
        "0s,PT0S,0s",
        "1h0m5s,PT1H5S,1h5s"
    })
    void readsAndWritesTheShortForm(String text, Duration duration, String written) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(written);
        assertThat(Durations.parse(written)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "m",
                "5 m",
                "-5m",
                "+5m",
                "5M",
                "30m1h",
                "1h1h",
                "1.5h",
                "PT5M",
                "5m\n",
                "9999999h",
                "٣m",
                "1d"
            })
    void refusesEverythingElse(String text) {
        assertThat(Durations.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> Durations.parse(text)).hasMessageContaining("90s, 5m or 1h30m");
    }
}
