package dev.belay.activities.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps keep several nodes at once, so the store a test gives them must take that. */
class FakeEvidenceTest {

    @Test
    void keepsWhatSeveralThreadsStoreAtOnce() {
        FakeEvidence evidence = new FakeEvidence();

        long stored = IntStream.range(0, 20_000)
                .parallel()
                .mapToObj(number -> evidence.store("node-" + number, sink -> sink.write(bytes(number))))
                .filter(artifact -> artifact.bytes() > 0)
                .count();

        assertThat(stored).isEqualTo(20_000);
        assertThat(evidence.files).hasSize(20_000);
    }

    private static byte[] bytes(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    }
}
