package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView.Node;
import dev.belay.twin.ClusterShape;
import dev.belay.twin.FaultPlan;
import dev.belay.twin.SimulatedCluster;
import dev.belay.workflows.client.RunReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runbooks of maintenance as they are shipped, on the twin, through the engine. */
class MaintenanceRunTest {

    private static final ClusterShape SHAPE = ClusterShape.standard(KubernetesVersion.parse("v1.33.13"));
    private static final String VERSION = "v1.33.13";
    private static final String MANIFEST = "/etc/kubernetes/manifests/etcd.yaml";
    private static final List<NodeName> CONTROL_PLANES =
            List.of(new NodeName("cp1"), new NodeName("cp2"), new NodeName("cp3"));

    @Test
    void aDeadEtcdMemberIsReplacedAfterAPersonHasApproved() throws IOException {
        SimulatedCluster cluster = SimulatedCluster.of(SHAPE);
        String dead = idOf(cluster, "cp2");
        loseLog(cluster);
        try (EngineOnTwin engine = new EngineOnTwin(cluster)) {
            RunReport done = engine.run(engine.plan("etcd-member", VERSION, Map.of("node", "cp2")));

            assertThat(done.view().status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(done.state().commands()).isNotEmpty();
            assertThat(done.view().nodes()).allMatch(Node::ready);
        }
        assertThat(idOf(cluster, "cp2")).isNotEqualTo(dead);
        assertThat(problems(cluster)).isEmpty();
        assertThat(cluster.effects().list())
                .filteredOn(effect -> effect.contains("etcd remove"))
                .hasSize(1);
    }

    @Test
    void anEtcdThatFillsUpOnTheWayIsTakenBackToWriting() throws IOException {
        SimulatedCluster cluster = SimulatedCluster.of(SHAPE, FaultPlan.parse(List.of("drill=etcd-nospace")));
        try (EngineOnTwin engine = new EngineOnTwin(cluster)) {
            RunReport done = engine.run(engine.plan("etcd-space", VERSION, Map.of()));

            assertThat(done.view().status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(cluster.effects().list())
                .filteredOn(effect -> effect.contains("etcd disarm"))
                .isNotEmpty();
        assertThat(problems(cluster)).isEmpty();
    }

    /** The member ends, and cannot begin again on what is left. */
    private static void loseLog(SimulatedCluster cluster) {
        try (Ports ports = cluster.connect().ports()) {
            Host host = ports.hosts().on(new NodeName("cp2"));
            host.move(MANIFEST, "/root/etcd.yaml");
            ports.clock().sleep(Duration.ofMinutes(1));
            host.list(List.of("/var/lib/etcd/member/wal")).forEach(file -> host.remove(file.path()));
            host.move("/root/etcd.yaml", MANIFEST);
            ports.clock().sleep(Duration.ofMinutes(1));
        }
    }

    private static String idOf(SimulatedCluster cluster, String name) {
        try (Ports ports = cluster.connect().ports()) {
            return ports.etcd().members().stream()
                    .filter(member -> member.name().equals(name))
                    .map(EtcdMember::id)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> problems(SimulatedCluster cluster) {
        try (Ports ports = cluster.connect().ports()) {
            return EtcdPicture.take(ports.etcd()).problems(CONTROL_PLANES);
        }
    }
}
