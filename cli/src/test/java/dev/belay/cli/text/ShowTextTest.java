package dev.belay.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShowTextTest {

    @Test
    void aParkedRunFitsOneScreenAndSaysWhatStandsWhyAndWhatToType() {
        String text = ShowText.of(Situations.parkedAtADrain(), Paint.PLAIN, 100);

        assertThat(text).isEqualTo("""
                        run 3fa94c21  lab  v1.33.13 → v1.34.4  PARKED  21m01s
                        runbook  kubeadm-minor 1.0.0, plan 1a2b3c4d, started 2026-11-22 02:00Z by ops@bastion
                        hop      1 of 1, to v1.34.4  ✔ prep  ✔ controlPlane  ■ workers  · verify

                        stands   at drain on w1 since 02:07:01Z (14m00s)
                        why      the budget shop/api allows no eviction of shop/api-0: 1 of 1 pods it needs are healthy; add
                                 a replica or relax the budget
                        cause    A PodDisruptionBudget does not let a pod go (97%): belay diagnose 3fa94c21
                        next     belay retry 3fa94c21 --step drain --node w1
                                 belay skip 3fa94c21 --step drain --node w1 --reason ...
                                 belay abort 3fa94c21 --reason ...

                        nodes    cp1 cp2 cp3  controlPlane  v1.33.13   ready
                                 w1           worker        v1.33.13   ready, cordoned
                                 w2           worker        v1.33.13   ready

                        done     13 steps, 1 skipped, 6 to go; last cordon on w1
                        changed  installed packages cp1 cp2 cp3; upgraded the control plane cp1 cp2 cp3; cordoned w1
                        waiting  no new pods on w1; API servers at v1.34.4 over kubelets of 1.33: supported, also for weeks;
                                 the cluster's lock is held, so no other run can start
                        abort    would uncordon w1; versions stay as they are
                        """);
        assertThat(text.lines()).hasSizeLessThanOrEqualTo(24).allMatch(line -> Words.width(line) <= 100);
    }

    @Test
    void aRunningRunNamesWhatRunsNow() {
        String text = ShowText.of(Situations.runningOnAControlPlane(), Paint.PLAIN, 100);

        assertThat(text).contains("now      apply on cp2  kubeadm.apply 14m21s");
    }

    @Test
    void nothingIsWiderThanTheScreen() {
        assertThat(ShowText.of(Situations.parkedAtADrain(), Paint.COLOURED, 60).lines())
                .allMatch(line -> Words.width(line) <= 60);
    }

    @Test
    void aCrowdedParkedRunFitsEightyByTwentyFour() {
        String text = ShowText.of(Situations.crowded(), Paint.PLAIN, 80);

        assertThat(text.lines()).hasSize(24).allMatch(line -> Words.width(line) <= 80);
        assertThat(text)
                .contains("next     belay retry 3fa94c21 --step drain --node w1\n")
                .contains(" more: belay show 3fa94c21 -o json\n")
                .contains("also     ", "undone   ", "abort    would uncordon w1");
    }
}
