package dev.belay.activities;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RealPortsTest {

    @Test
    void nothingIsResolvedBeforeItsFirstUse() {
        try (RealPorts ports = new RealPorts(new FakeWorld().inventory(), new Secrets(Map.of()))) {
            assertThat(ports.hosts()).isNotNull();
            assertThat(ports.etcd()).isNotNull();
            assertThat(ports.evidence().location()).isEqualTo("/backups");

            Failure failure = failsWith(FailureKind.PERMANENT, "REFERENCE_UNRESOLVED", ports::kube);

            assertThat(failure.why()).contains("file:/k");
        }
    }

    @Test
    void aSleepEndsWhenTheWorkerStops() {
        Thread.currentThread().interrupt();

        failsWith(FailureKind.TRANSIENT, "INTERRUPTED", () -> new SystemClock().sleep(Duration.ofMinutes(5)));

        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    }
}
