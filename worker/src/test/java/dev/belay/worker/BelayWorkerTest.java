package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.StepActivity;
import dev.belay.activities.StepCatalogue;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.ClusterShape;
import dev.belay.twin.Connection;
import dev.belay.twin.SimulatedCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BelayWorkerTest {

    @Test
    void saysWhetherItsServerAnswers() {
        EmbeddedServer server = EmbeddedServer.start(Duration.ofSeconds(1));
        Connection way = SimulatedCluster.of(ClusterShape.small(KubernetesVersion.parse("v1.33.13")))
                .connect();
        try (TemporalConnection connection = TemporalConnection.embedded(server.target());
                BelayWorker worker = BelayWorker.start(
                        connection, "lab", new StepActivity(StepCatalogue.shipped(), way::portsFor, notice -> {}))) {
            assertThat(worker.health())
                    .isEqualTo("polling on task queues belay and lab of " + server.target() + ", namespace default");

            server.close();

            assertThat(worker.health())
                    .isEqualTo("the Temporal server at " + server.target()
                            + " does not answer; task queues belay and lab are polled again when it does");

            worker.kill();
            assertThat(worker.health()).isEqualTo("stopping");
        }
    }
}
