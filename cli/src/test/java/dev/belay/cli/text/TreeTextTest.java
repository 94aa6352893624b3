package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TreeTextTest {

    @Test
    void opensWhatIsUnderWayAndFoldsTheRest() {
        assertThat(String.join("\n", TreeText.of(Situations.runningOnAControlPlane(), Paint.PLAIN, 100, 40)))
                .isEqualTo("""
                        run 3fa94c21  lab  v1.33.13 → v1.34.4  RUNNING  21m01s  ETA 9m00s–25m00s
                        ● hop v1.34.4
                          ✔ prep              1 step      4s
                          ● controlPlane
                              ✔ cp1           3 steps     1m20s
                              ● cp2           apply  kubeadm.apply  14m21s  attempt 2
                              · cp3
                          · workers
                          · verify""");
    }

    @Test
    void aParkedRunEndsWithTheCommandsToType() {
        assertThat(TreeText.of(Situations.parkedAtADrain(), Paint.PLAIN, 100, 40))
                .last()
                .isEqualTo("next belay abort 3fa94c21 --reason ...");
    }

    @Test
    void neverDrawsMoreThanTheScreenHolds() {
        assertThat(TreeText.of(Situations.parkedAtADrain(), Paint.PLAIN, 100, 5))
                .hasSize(5);
    }
}
