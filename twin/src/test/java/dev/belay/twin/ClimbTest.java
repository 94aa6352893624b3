package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped runbook takes the twin up every minor there is, and through every fault. */
class ClimbTest {

    static Stream<Arguments> minors() {
        return HopFacts.all().stream()
                .skip(1)
                .map(facts -> Arguments.of(
                        HopFacts.load("1." + (facts.newest().version().minor() - 1))
                                .newest()
                                .version(),
                        facts.newest().version()));
    }

    @ParameterizedTest
    @MethodSource("minors")
    void everyMinorIsClimbed(KubernetesVersion from, KubernetesVersion to) {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(from));

        Climb.to(to.toString(), cluster).run();

        assertArrived(cluster, to);
    }

    @Test
    void sevenHopsInOneRun() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.25.16")));

        Climb.to("v1.32.13", cluster).run();

        assertArrived(cluster, KubernetesVersion.parse("v1.32.13"));
        assertThat(cluster.effects().list())
                .filteredOn(effect -> effect.contains("upgrade apply"))
                .hasSize(7);
    }

    @Test
    void whatMustHappenOnceHappensOnce() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));

        Climb.to("v1.34.4", cluster).run();

        Effects effects = cluster.effects();
        assertThat(effects.count("cp1: kubeadm upgrade apply v1.34.4 --yes")).isEqualTo(1);
        for (String node : List.of("cp2", "cp3", "w1", "w2", "w3", "w4")) {
            assertThat(effects.count(node + ": kubeadm upgrade node")).isEqualTo(1);
            assertThat(effects.count("cordon " + node)).isEqualTo(1);
            assertThat(effects.count("uncordon " + node)).isEqualTo(1);
            assertThat(effects.count(node + ": systemctl restart kubelet")).isEqualTo(1);
        }
        assertThat(effects.list()).containsSubsequence("lease belay-0badcafe", "release belay-0badcafe");
    }

    @Test
    void aSmallClusterIsClimbedToo() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.small(KubernetesVersion.parse("v1.33.13")));

        Climb.to("v1.34.4", cluster).run();

        assertArrived(cluster, KubernetesVersion.parse("v1.34.4"));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("access=ssh-cut@w2", "access: ", "UNREACHABLE"),
                Arguments.of("apply=ssh-cut", "cp1 apply: ", "UNREACHABLE"),
                Arguments.of("apply=kubeadm-fails", "cp1 apply: ", "KUBEADM_FAILED"),
                Arguments.of("preview=kubeadm-fails", "cp1 preview: ", "KUBEADM_"),
                Arguments.of("renew=kubeadm-fails@cp2", "cp2 renew: ", "KUBEADM_FAILED"),
                Arguments.of("workerConfig=kubeadm-fails@w3", "w3 workerConfig: ", "KUBEADM_FAILED"),
                Arguments.of("drain=drain-blocked@w2", "w2 drain: ", "DRAIN_BLOCKED"),
                Arguments.of("ready=node-not-ready@w1", "w1 ready: ", "NODE_NOT_READY"),
                Arguments.of("nodes=node-not-ready@w4", "nodes: ", "NODE_NOT_READY"),
                Arguments.of("certificates=certificate-expired@cp2", "certificates: ", "CERTIFICATE_EXPIRED"),
                Arguments.of("etcd=etcd-nospace", "etcd: ", "ETCD_UNHEALTHY"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultStopsItsStepAndARetryGoesOn(String fault, String where, String code) {
        SimulatedCluster cluster = SimulatedCluster.of(
                ClusterShape.standard(KubernetesVersion.parse("v1.33.13")), FaultPlan.parse(List.of(fault)));

        List<String> story = Climb.to("v1.34.4", cluster).run();

        assertThat(story).filteredOn(line -> line.contains(code)).singleElement().asString().contains(where);
        assertArrived(cluster, KubernetesVersion.parse("v1.34.4"));
    }

    @Test
    void aLostWorkerChangesNothing() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
        Climb climb = Climb.to("v1.34.4", cluster);
        cluster.listen(climb.losingTheWorkerAfter("kubeadm upgrade apply"));

        List<String> story = climb.run();

        assertThat(story).contains("v1.34.4 cp1 apply: worker lost");
        assertThat(cluster.effects().count("cp1: kubeadm upgrade apply v1.34.4 --yes")).isEqualTo(1);
        assertArrived(cluster, KubernetesVersion.parse("v1.34.4"));
    }

    private static void assertArrived(SimulatedCluster cluster, KubernetesVersion version) {
        Ports ports = cluster.connect().ports();
        assertThat(ports.kube().nodes()).allSatisfy(node -> assertThat(node.kubelet()).isEqualTo(version));
        assertThat(ports.kube().nodes()).allMatch(KubeNode::ready).allMatch(KubeNode::schedulable);
        assertThat(ports.kube().workloads()).allMatch(Workload::available);
        assertThat(ports.kube().acquireLease("somebody", "")).isEmpty();
        Commands commands = new Commands(ports);
        ports.inventory().hosts().forEach(host -> assertThat(
                        commands.out(host.node().value(), "apt-mark showhold"))
                .isEqualTo("kubeadm\nkubectl\nkubelet"));
    }
}
