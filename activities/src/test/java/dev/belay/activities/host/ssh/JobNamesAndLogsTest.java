package dev.belay.activities.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.host.ShellQuoting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobNamesAndLogsTest {

    @Test
    void aJobCarriesItsRunReadably() {
        assertThat(JobId.of("1a2b3c4d/v1.34.4/cp1/first.apply/0").value())
                .startsWith("belay-1a2b3c4d-v1.34.4-cp1-first.apply-0-")
                .hasSize("belay-1a2b3c4d-v1.34.4-cp1-first.apply-0-".length() + 16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc", "a b", "; rm -rf /", "$(id)\n", "%i", "é", "@", "-", "'"})
    void aNameIsPlainWhateverTheKeyHolds(String key) {
        assertThat(JobId.of(key).value()).matches("belay-[A-Za-z0-9.-]*-[0-9a-f]{16}");
        assertThat(JobId.of(key.repeat(200)).value()).hasSizeLessThan(120);
    }

    @Test
    void differentKeysHaveDifferentNames() {
        assertThat(JobId.of("a/b")).isNotEqualTo(JobId.of("a b"));
        assertThat(JobId.of("x".repeat(300) + "1")).isNotEqualTo(JobId.of("x".repeat(300) + "2"));
    }

    @Test
    void aLogKeepsItsEndAndTheHashOfAll() {
        JobLog log = new JobLog();
        byte[] all = ("é".repeat(40_000) + "end").getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length; at += 1000) {
            log.write(all, at, Math.min(1000, all.length - at));
        }

        assertThat(log.length()).isEqualTo(all.length);
        assertThat(log.tail()).endsWith("éend").doesNotContain("\uFFFD");
        assertThat(log.tail().getBytes(StandardCharsets.UTF_8).length).isBetween(64 * 1024 - 3, 64 * 1024);
        assertThat(log.sha256()).isEqualTo(JobId.sha256(all));
    }

    @Test
    void aBufferKeepsTheBeginningAndSaysThatItWasCut() {
        CappedBuffer buffer = new CappedBuffer(3);

        buffer.write("ab".getBytes(StandardCharsets.UTF_8), 0, 2);
        assertThat(buffer.isCut()).isFalse();
        buffer.write("cd".getBytes(StandardCharsets.UTF_8), 0, 2);

        assertThat(buffer.text()).isEqualTo("abc");
        assertThat(buffer.isCut()).isTrue();
    }

    @Test
    void everyWordIsQuoted() {
        assertThat(ShellQuoting.line(List.of("ls", "it's", "", "a\nb; rm"))).isEqualTo("'ls' 'it'\\''s' '' 'a\nb; rm'");
        assertThat(ShellQuoting.withEnvironment(Map.of("A", "b c"), List.of("true")))
                .isEqualTo("env 'A=b c' 'true'");
    }

    @Test
    void whatNoCommandCanBeGivenIsRefused() {
        assertThatThrownBy(() -> ShellQuoting.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ShellQuoting.withEnvironment(Map.of("A;id", "b"), List.of("true")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
