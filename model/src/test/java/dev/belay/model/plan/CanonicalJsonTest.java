package dev.belay.model.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    record Sample(String zebra, @Nullable String absent, Duration ape, Map<String, Object> map) {}

    @Test
    void sortsKeysAtEveryDepthAndLeavesNullsOut() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("b", List.of(Map.of("y", 1, "x", true)));
        inner.put("a", "ü\n");

        assertThat(text(new Sample("z", null, Duration.ofSeconds(90), inner)))
                .isEqualTo(
                        "{\"ape\":\"PT1M30S\",\"map\":{\"a\":\"ü\\n\",\"b\":[{\"x\":true,\"y\":1}]},\"zebra\":\"z\"}");
    }

    @Test
    void hasOneDigestWhateverOrderAMapWasFilledIn() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", 2L);
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("b", 2);
        other.put("a", 1.0);

        assertThat(CanonicalJson.digest(one)).isEqualTo(CanonicalJson.digest(other));
        assertThat(CanonicalJson.digest(one)).isNotEqualTo(CanonicalJson.digest(Map.of("a", 1, "b", 3)));
    }

    @Test
    void digestsAreSha256OfTheBytes() {
        assertThat(CanonicalJson.digest(Map.of()))
                .isEqualTo("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    @Test
    void writesFractionsExactlyAndRefusesWhatIsNoNumber() {
        assertThat(text(Map.of("n", new BigDecimal("0.10")))).isEqualTo("{\"n\":0.1}");
        assertThat(text(Map.of("n", 0.5))).isEqualTo("{\"n\":0.5}");
        assertThatThrownBy(() -> CanonicalJson.write(Map.of("n", Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(Object value) {
        return new String(CanonicalJson.write(value), StandardCharsets.UTF_8);
    }
}
