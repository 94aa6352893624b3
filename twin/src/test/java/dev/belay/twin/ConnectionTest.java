package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.host.JobOutcome;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import org.junit.jupiter.api.Test;

/** Workers are lost before, in and after a change; the world is not. */
class ConnectionTest {

    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final NodeName W1 = new NodeName("w1");
    private static final String APPLY = "kubeadm upgrade apply v1.34.4 --yes";

    private final SimulatedCluster cluster =
            SimulatedCluster.of(ClusterShape.small(KubernetesVersion.parse("v1.33.13")));

    @Test
    void aCutWorkerIsAnsweredNothingMore() {
        Connection connection = cluster.connect();
        Commands commands = new Commands(connection.ports());

        connection.cut();

        assertThatThrownBy(() -> commands.out("cp1", "hostname")).isInstanceOf(WorkerLost.class);
        assertThatThrownBy(() -> commands.ports().kube().uid()).isInstanceOf(WorkerLost.class);
        assertThatThrownBy(() -> commands.ports().etcd().members()).isInstanceOf(WorkerLost.class);
        assertThatThrownBy(connection::ports).isInstanceOf(WorkerLost.class);
        assertThat(new Commands(cluster.connect().ports()).out("cp1", "hostname"))
                .isEqualTo("cp1");
    }

    @Test
    void aWorkerLostBeforeAChangeHasNotMadeIt() {
        Connection lost = cluster.connect();
        cluster.listen(new EffectListener() {
            @Override
            public void before(int number, String what) {
                lost.cut();
            }
        });

        assertThatThrownBy(() -> lost.ports().kube().cordon(W1, "belay-1")).isInstanceOf(WorkerLost.class);

        assertThat(cluster.effects().list()).isEmpty();
        assertThat(cluster.connect().ports().kube().node(W1).orElseThrow().schedulable())
                .isTrue();
    }

    @Test
    void aWorkerLostAfterAChangeHasMadeItButDoesNotKnow() {
        Connection lost = cluster.connect();
        cluster.listen(new EffectListener() {
            @Override
            public void after(int number, String what) {
                lost.cut();
            }
        });

        assertThatThrownBy(() -> lost.ports().kube().cordon(W1, "belay-1")).isInstanceOf(WorkerLost.class);

        assertThat(cluster.effects().list()).containsExactly("cordon w1");
        assertThat(cluster.connect().ports().kube().cordon(W1, "belay-1")).isFalse();
        assertThat(cluster.effects().list()).containsExactly("cordon w1", "cordon w1 (no change)");
    }

    @Test
    void kubeadmGoesOnWithoutTheWorkerAndTheNextOneFindsIt() {
        Connection lost = cluster.connect();
        Commands before = new Commands(lost.ports());
        before.install("cp1", V34, "kubeadm");
        assertThatThrownBy(() -> before.host("cp1").job(Commands.job("key", APPLY), lost::cut))
                .isInstanceOf(WorkerLost.class);

        JobOutcome outcome = new Commands(cluster.connect().ports()).job("cp1", "key", APPLY);

        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.rejoined()).isTrue();
        assertThat(outcome.output()).contains("SUCCESS!");
        assertThat(cluster.effects().count("cp1: " + APPLY)).isEqualTo(1);
    }

    @Test
    void changesAreNumberedFromOne() {
        StringBuilder heard = new StringBuilder();
        cluster.listen(new EffectListener() {
            @Override
            public void before(int number, String what) {
                heard.append(number).append(" before ").append(what).append('\n');
            }

            @Override
            public void after(int number, String what) {
                heard.append(number).append(" after ").append(what).append('\n');
            }
        });
        Commands commands = new Commands(cluster.connect().ports());

        commands.run("w1", "apt-mark unhold kubeadm");
        commands.out("w1", "apt-mark showhold");
        commands.ports().kube().acquireLease("belay-1", "note");

        assertThat(heard).hasToString("""
                        1 before w1: apt-mark unhold kubeadm
                        1 after w1: apt-mark unhold kubeadm
                        2 before lease belay-1
                        2 after lease belay-1
                        """);
    }
}
