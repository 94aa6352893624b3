package dev.belay.activities.steps.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.steps.Nothing;
import org.junit.jupiter.api.Test;

class InspectCertificatesTest {

    private final FakeWorld world = new FakeWorld();

    /** As when the API server's own certificate has expired: that is what the look is for. */
    @Test
    void anApiThatCannotBeTrustedIsAFindingAndStopsNothing() {
        world.kube.untrusted = true;

        InspectCertificates.Output output = new InspectCertificates()
                .run(new Nothing(), world.context("certs.inspect"))
                .output();

        assertThat(output.findings())
                .anyMatch(
                        found -> found.startsWith("NOTE CSR_UNKNOWN") && found.contains("its certificate has expired"));
    }
}
