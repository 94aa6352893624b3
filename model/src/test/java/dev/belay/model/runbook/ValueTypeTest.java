package dev.belay.model.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTypeTest {

    @Test
    void readsTextInItsOwnType() {
        assertThat(ValueType.INTEGER.parse("-3")).isEqualTo(-3L);
        assertThat(ValueType.BOOLEAN.parse("true")).isEqualTo(true);
        assertThat(ValueType.DURATION.parse("90m")).isEqualTo("1h30m");
        assertThat(ValueType.KUBERNETES_VERSION.parse("1.34.4")).isEqualTo("v1.34.4");
        assertThat(ValueType.STRING.parse("3")).isEqualTo("3");
        assertThat(ValueType.STRINGS.parse("a,b")).isEqualTo(List.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource({
        "INTEGER,3.0",
        "INTEGER,''",
        "INTEGER,1e3",
        "BOOLEAN,yes",
        "BOOLEAN,True",
        "DURATION,PT5M",
        "KUBERNETES_VERSION,v1.34"
    })
    void refusesTextOfAnotherTypeAndSaysWhatItShouldLookLike(ValueType type, String text) {
        assertThatThrownBy(() -> type.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is not " + type.looks());
    }
}
