package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemporalConnectionTest {

    @Test
    void aVariableSetToNothingIsNotSet() {
        try (EmbeddedServer server = EmbeddedServer.start(Duration.ofSeconds(1));
                TemporalConnection connection = TemporalConnection.open(
                        null,
                        Map.of(
                                "TEMPORAL_ADDRESS",
                                server.target(),
                                "TEMPORAL_NAMESPACE",
                                "",
                                "TEMPORAL_API_KEY",
                                " "))) {
            assertThat(connection.namespace()).isEqualTo("default");
            assertThat(connection.answers()).isTrue();
        }
    }
}
