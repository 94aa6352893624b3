package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepClock;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Calls that wait side by side do not use up each other's time, and the world keeps up with the one that waits longest. */
class CallClockTest {

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.small(KubernetesVersion.parse("v1.33.13")));

    @Test
    void theWorldGoesAsFarAsTheCallThatWaitsLongest() {
        Instant start = cluster.now();
        StepClock one = cluster.connect().ports().clock();
        StepClock other = cluster.connect().ports().clock();

        one.sleep(Duration.ofMinutes(5));
        other.sleep(Duration.ofMinutes(2));

        assertThat(cluster.now()).isEqualTo(start.plus(Duration.ofMinutes(5)));
        assertThat(other.now()).isEqualTo(start.plus(Duration.ofMinutes(2)));
    }

    @Test
    void aLaterCallBeginsWhereTheWorldIs() {
        cluster.connect().ports().clock().sleep(Duration.ofMinutes(5));

        assertThat(cluster.connect().ports().clock().now()).isEqualTo(cluster.now());
    }

    @Test
    void theWorldFollowsTheTimeOutsideButNeverGoesBack() {
        Instant start = cluster.now();

        cluster.advanceTo(start.plusSeconds(60));
        cluster.advanceTo(start.plusSeconds(30));

        assertThat(cluster.now()).isEqualTo(start.plusSeconds(60));
    }
}
