package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kubeadm by hand on the twin: every minor, in kubeadm's own order. */
class HandClimbTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");

    @ParameterizedTest
    @ValueSource(ints = {25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37})
    void everyMinorCanBeReachedFromTheOneBefore(int minor) {
        KubernetesVersion from = newest(minor - 1);
        KubernetesVersion to = newest(minor);
        Ports ports = SimulatedCluster.of(ClusterShape.standard(from)).connect().ports();

        new Commands(ports).climb(to);

        assertThat(ports.kube().nodes()).hasSize(7).allMatch(KubeNode::ready).allSatisfy(node -> assertThat(
                        node.kubelet())
                .isEqualTo(to));
        assertThat(ports.kube().workloads()).allMatch(Workload::available);
        assertThat(ports.kube().pods("kube-system", Map.of("component", "kube-apiserver")))
                .hasSize(3)
                .allMatch(KubePod::ready)
                .allSatisfy(pod -> assertThat(pod.images().get(0)).endsWith(":" + to));
        assertThat(ports.kube().pods("kube-system", Map.of("k8s-app", "kube-proxy")))
                .hasSize(7)
                .allSatisfy(pod -> assertThat(pod.images().get(0)).endsWith(":" + to));
    }

    @Test
    void theClimbTo134BringsEtcd36OnEveryMember() {
        Ports ports = SimulatedCluster.of(ClusterShape.standard(V33)).connect().ports();

        new Commands(ports).climb(V34);

        assertThat(ports.etcd().members())
                .extracting(member -> ports.etcd().status(member).version())
                .containsExactly("3.6.16", "3.6.16", "3.6.16");
    }

    @Test
    void theFirstControlPlaneLeavesTheAddOnsToTheLast() {
        Commands commands = new Commands(
                SimulatedCluster.of(ClusterShape.standard(V33)).connect().ports());
        commands.install("cp1", V34, "kubeadm");

        JobOutcome applied = commands.job("cp1", "a", "kubeadm upgrade apply v1.34.4 --yes");

        assertThat(applied.ok()).isTrue();
        assertThat(applied.output())
                .containsSubsequence(
                        "Component \"etcd\" upgraded successfully!",
                        "Component \"kube-apiserver\" upgraded successfully!",
                        "Component \"kube-controller-manager\" upgraded successfully!",
                        "Component \"kube-scheduler\" upgraded successfully!",
                        "[upgrade/addon] Skipping upgrade of addons because control plane instances [cp2 cp3] have not been upgraded",
                        "[upgrade] SUCCESS! A control plane node of your cluster was upgraded to \"v1.34.4\".");
    }

    @Test
    void theSameSeedGivesTheSameWorld() {
        assertThat(story(7)).isEqualTo(story(7)).isNotEqualTo(story(8));
    }

    private static String story(long seed) {
        SimulatedCluster cluster =
                SimulatedCluster.of(ClusterShape.standard(V33).withSeed(seed));
        Ports ports = cluster.connect().ports();
        new Commands(ports).climb(V34);
        return cluster.now() + " " + cluster.effects().list() + ports.kube().pods("shop", Map.of())
                + ports.etcd().members().stream().map(EtcdMember::id).toList();
    }

    private static KubernetesVersion newest(int minor) {
        return HopFacts.load("1." + minor).newest().version();
    }
}
