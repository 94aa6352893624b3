package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangeLinesTest {

    @Test
    void aFirstLookTellsEveryStepThatBeganAndTheStatus() {
        assertThat(ChangeLines.between(null, Situations.runningOnAControlPlane()))
                .startsWith("02:00:04Z  v1.34.4  prep  access (check.access)  DONE  4s")
                .endsWith("02:21:01Z  run 3fa94c21  RUNNING");
    }

    @Test
    void nothingIsSaidTwice() {
        assertThat(ChangeLines.between(Situations.parkedAtADrain(), Situations.parkedAtADrain()))
                .isEmpty();
    }

    @Test
    void aRunThatStandsSaysWhyAndWhatToType() {
        assertThat(ChangeLines.between(Situations.runningOnAControlPlane(), Situations.parkedAtADrain()))
                .last()
                .asString()
                .contains("PARKED: the budget shop/api", "next: belay retry 3fa94c21 --step drain --node w1");
    }
}
