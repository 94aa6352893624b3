package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitCostTest {

    @Test
    void aRestoreThatStandsDoesNotSayThatTheControlPlaneServes() {
        assertThat(WaitCost.of(Situations.restoring().view()))
                .contains("static pods are stopped on cp1 cp2: what they serve is away")
                .doesNotContain("it serves");
    }
}
