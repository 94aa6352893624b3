package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.NodeFacts;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView.RungView;
import dev.belay.model.run.Rung;
import dev.belay.twin.ClusterShape;
import dev.belay.twin.SimulatedCluster;
import dev.belay.workflows.Retreat;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A climb that raised etcd, and etcd taken back live by a run of its own: the shipped runbooks on the twin, through the engine. */
class EtcdDowngradeRunTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");

    private final SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V33));
    private final EngineOnTwin engine = new EngineOnTwin(cluster);

    @AfterEach
    void end() {
        engine.close();
    }

    @Test
    void etcdGoesBackLiveAndTheLadderOfTheClimbSaysWhatIsOpenNext() throws IOException {
        RunReport climbed = engine.run(engine.plan("kubeadm-minor", V34.toString(), Map.of()));
        String climb = engine.latest();
        assertThat(climbed.view().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(versions()).containsOnly("3.6.16");
        assertThat(rung(climbed, Rung.NODE).why()).doesNotContain("cp3");
        assertThat(rung(climbed, Rung.ETCD_DOWNGRADE).open()).isTrue();
        assertThat(rung(climbed, Rung.ETCD_DOWNGRADE).why()).contains("from 3.6 back to 3.5, live");
        assertThat(rung(climbed, Rung.ETCD_DOWNGRADE).loses()).isEqualTo("nothing");
        assertThat(rung(climbed, Rung.ETCD_DOWNGRADE).outageSeconds()).isZero();
        apply("since");

        RunReport back =
                engine.run(EtcdDowngradeRun.plan(climbed, EngineOnTwin.runbook("etcd-downgrade"), cluster.inventory()));

        assertThat(back.view().status()).isEqualTo(RunStatus.ROLLED_BACK);
        assertThat(versions()).containsOnly("3.5.35");
        try (Ports ports = cluster.connect().ports()) {
            assertThat(ports.kube().configMap("default", "since")).contains(Map.of("value", "since"));
            assertThat(ports.kube().nodes())
                    .allMatch(node ->
                            node.ready() && node.schedulable() && node.kubelet().equals(V34));
        }
        assertThat(back.view().rungs()).isEmpty();
        RunReport after = engine.look(climb);
        assertThat(rung(after, Rung.ETCD_DOWNGRADE).open()).isFalse();
        assertThat(rung(after, Rung.ETCD_DOWNGRADE).why())
                .isEqualTo("run " + back.state().run() + " has taken etcd back to 3.5");
        assertThat(rung(after, Rung.RESTORE).open()).isTrue();
        nodesGoBackWorkersFirst(after);
    }

    /** Each by a run of its own, in the order that the ladder offers them. */
    private void nodesGoBackWorkersFirst(RunReport climbed) {
        RunReport at = climbed;
        for (NodeFacts worker : climbed.state().plan().cluster().nodes(NodeRole.WORKER)) {
            assertThat(rung(at, Rung.NODE).nodes()).contains(worker.name()).noneMatch(node -> node.value()
                    .startsWith("cp"));
            at = goBack(at, worker.name());
        }
        assertThat(rung(at, Rung.ETCD_DOWNGRADE).why()).contains("has taken etcd back to 3.5");
        assertThat(rung(at, Rung.NODE).nodes()).extracting(NodeName::value).containsExactly("cp1", "cp2", "cp3");

        goBack(at, new NodeName("cp3"));

        try (Ports ports = cluster.connect().ports()) {
            assertThat(ports.kube().nodes())
                    .filteredOn(node -> node.kubelet().equals(V34))
                    .extracting(node -> node.name().value())
                    .containsExactly("cp1", "cp2");
            assertThat(ports.kube().apiServer(new NodeName("cp3")).version()).contains(V33);
        }
    }

    private RunReport goBack(RunReport from, NodeName node) {
        Command command = new Command(
                "back-" + node, CommandKind.ROLLBACK, "sre@desk", "as tested", null, null, node, null, Rung.NODE);
        return engine.run(RunInput.of(
                from.state().plan(),
                cluster.inventory().site(),
                new Retreat(from.state().run(), from.state().hops(), command)));
    }

    private void apply(String name) {
        try (Ports ports = cluster.connect().ports()) {
            ports.kube()
                    .apply(
                            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {value: %s}\n"
                                    .formatted(name, name));
        }
    }

    private List<String> versions() {
        try (Ports ports = cluster.connect().ports()) {
            return ports.etcd().members().stream()
                    .map(ports.etcd()::status)
                    .map(MemberStatus::version)
                    .toList();
        }
    }

    private static RungView rung(RunReport report, Rung name) {
        return report.view().rungs().stream()
                .filter(rung -> rung.name() == name)
                .findFirst()
                .orElseThrow();
    }
}
