package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What kubeadm on the twin does, and what it refuses. */
class KubeadmTest {

    private static final KubernetesVersion V32 = KubernetesVersion.parse("v1.32.13");
    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion V34 = KubernetesVersion.parse("v1.34.4");
    private static final KubernetesVersion V35 = KubernetesVersion.parse("v1.35.9");

    @Test
    void refusesAMinorNewerThanItself() {
        Commands commands = commands(ClusterShape.standard(V33));

        JobOutcome outcome = commands.job("cp1", "a", "kubeadm upgrade apply v1.34.4 --yes");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains(
                        "the version argument is invalid due to these fatal errors:",
                        "is at least one minor release higher than the kubeadm minor release (34 > 33)");
        assertThat(commands.ports().kube().apiServer(new NodeName("cp1")).version())
                .contains(V33);
    }

    @Test
    void refusesTwoMinorsAtOnce() {
        Commands commands = commands(ClusterShape.standard(V33));
        commands.install("cp1", V35, "kubeadm");

        JobOutcome outcome = commands.job("cp1", "a", "kubeadm upgrade apply v1.35.9 --yes");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("is too high; kubeadm can upgrade only 1 minor version at a time");
    }

    @Test
    void refusesWhileAControlPlaneIsNotReady() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V33));
        Commands commands = new Commands(cluster.connect().ports());
        commands.install("cp1", V34, "kubeadm");
        cluster.powerCut(new NodeName("cp3"), Duration.ofHours(1));
        commands.ports().clock().sleep(Duration.ofMinutes(1));

        JobOutcome outcome = commands.job("cp1", "a", "kubeadm upgrade apply v1.34.4 --yes");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains(
                        "[preflight] Some fatal errors occurred:\n",
                        "\t[ERROR ControlPlaneNodesReady]: there are NotReady control-planes in the cluster: [cp3]");
    }

    @Test
    void refusesCgroupV1From135UnlessToldToIgnoreIt() {
        Commands commands = commands(
                ClusterShape.small(V34).with(Customs.PLAIN.withCgroupV1().withKubeletConfig("failCgroupV1: false\n")));
        commands.install("cp1", V35, "kubeadm");

        JobOutcome refused = commands.job("cp1", "a", "kubeadm upgrade apply v1.35.9 --yes");
        JobOutcome ignored = commands.job(
                "cp1", "b", "kubeadm upgrade apply v1.35.9 --yes --ignore-preflight-errors=SystemVerification,Swap");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output()).contains("\t[ERROR SystemVerification]: cgroups v1 support is deprecated");
        assertThat(ignored.exit()).isZero();
        assertThat(ignored.output()).contains("\t[WARNING SystemVerification]: cgroups v1 support is deprecated");
    }

    @Test
    void doesNotApplyOnAWorker() {
        Commands commands = commands(ClusterShape.standard(V33));
        commands.install("w1", V34, "kubeadm");

        JobOutcome outcome = commands.job("w1", "a", "kubeadm upgrade apply v1.34.4 --yes");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("open /etc/kubernetes/admin.conf: no such file or directory");
    }

    @Test
    void onAWorkerOnlyTheKubeletsConfigurationIsWritten() {
        Commands commands = commands(ClusterShape.standard(V33));
        commands.install("cp1", V34, "kubeadm");
        commands.job("cp1", "a", "kubeadm upgrade apply v1.34.4 --yes");
        commands.install("w1", V34, "kubeadm");

        JobOutcome outcome = commands.job("w1", "b", "kubeadm upgrade node");

        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.output())
                .contains("The kubelet configuration for this node was successfully upgraded!")
                .doesNotContain("staticpods");
        assertThat(text(commands, "w1", "/var/lib/kubelet/kubeadm-flags.env"))
                .contains("--pod-infra-container-image")
                .doesNotContain("--container-runtime-endpoint");
        assertThat(text(commands, "w1", "/var/lib/kubelet/instance-config.yaml"))
                .contains("containerRuntimeEndpoint");
    }

    @Test
    void aRemovedFlagOfTheApiServerIsRolledBackAndTheNewEtcdStays() {
        Customs customs =
                Customs.PLAIN.withComponentArgs(Map.of("kube-apiserver", List.of("--cloud-provider=external")));
        Commands commands = commands(ClusterShape.standard(V32).with(customs));
        commands.install("cp1", V33, "kubeadm");

        JobOutcome outcome = commands.job("cp1", "a", "kubeadm upgrade apply v1.33.13 --yes");
        commands.ports().clock().sleep(Duration.ofMinutes(1));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .containsSubsequence(
                        "Component \"etcd\" upgraded successfully!",
                        "couldn't complete the static pod upgrade: couldn't upgrade control plane. kubeadm has tried to"
                                + " recover everything into the earlier state. Errors faced: [static Pod hash for component"
                                + " kube-apiserver on Node cp1 did not change after 5m0s");
        assertThat(commands.ports().kube().apiServer(new NodeName("cp1")))
                .isEqualTo(new ApiServerHealth(Optional.of(V32), true, ""));
        assertThat(text(commands, "cp1", "/etc/kubernetes/manifests/kube-apiserver.yaml"))
                .contains(":v1.32.13");
        assertThat(text(commands, "cp1", "/etc/kubernetes/manifests/etcd.yaml")).contains("etcd:3.5.35-0");
    }

    @Test
    void aSecondApplyFindsEverythingDone() {
        Commands commands = commands(ClusterShape.standard(V33));
        commands.install("cp1", V34, "kubeadm");
        commands.job("cp1", "a", "kubeadm upgrade apply v1.34.4 --yes");

        JobOutcome again = commands.job("cp1", "b", "kubeadm upgrade apply v1.34.4 --yes");

        assertThat(again.ok()).isTrue();
        assertThat(again.output())
                .contains(
                        "Current and new manifests of etcd are equal, skipping upgrade",
                        "Current and new manifests of kube-apiserver are equal, skipping upgrade");
    }

    @Test
    void theNextControlPlaneIsRefusedWhileAnEtcdMemberIsDown() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V33));
        Commands commands = new Commands(cluster.connect().ports());
        commands.install("cp1", V34, "kubeadm");
        commands.job("cp1", "a", "kubeadm upgrade apply v1.34.4 --yes");
        commands.install("cp2", V34, "kubeadm");
        cluster.powerCut(new NodeName("cp3"), Duration.ofHours(1));

        JobOutcome outcome = commands.job("cp2", "b", "kubeadm upgrade node");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("etcd cluster is not healthy: failed to dial endpoint https://10.20.0.14:2379");
    }

    @Test
    void onASingleControlPlaneTheApiGoesAwayMeanwhileAndComesBack() {
        SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.small(V33));
        Commands commands = new Commands(cluster.connect().ports());
        commands.install("cp1", V34, "kubeadm");
        boolean[] away = new boolean[1];

        JobOutcome outcome = commands.host("cp1")
                .job(
                        Commands.job("a", "kubeadm upgrade apply v1.34.4 --yes"),
                        () -> away[0] |= !commands.ports()
                                .kube()
                                .apiServer(new NodeName("cp1"))
                                .ready());

        assertThat(outcome.ok()).isTrue();
        assertThat(away[0]).isTrue();
        assertThat(commands.ports().kube().nodes()).hasSize(2);
    }

    @Test
    void theRegistryMovesWith125() {
        Commands commands = commands(ClusterShape.standard(KubernetesVersion.parse("v1.24.17")));
        assertThat(text(commands, "cp1", "/etc/kubernetes/manifests/kube-scheduler.yaml"))
                .contains("image: k8s.gcr.io/kube-scheduler:v1.24.17");

        commands.climb(KubernetesVersion.parse("v1.25.16"));

        assertThat(text(commands, "cp1", "/etc/kubernetes/manifests/kube-scheduler.yaml"))
                .contains("image: registry.k8s.io/kube-scheduler:v1.25.16");
    }

    @Test
    void theSuperAdminAppearsWith129OnTheFirstControlPlaneOnly() {
        Commands commands = commands(ClusterShape.standard(KubernetesVersion.parse("v1.28.15")));

        commands.climb(KubernetesVersion.parse("v1.29.15"));

        assertThat(commands.host("cp1").read("/etc/kubernetes/super-admin.conf"))
                .isPresent();
        assertThat(commands.host("cp2").read("/etc/kubernetes/super-admin.conf"))
                .isEmpty();
    }

    private static Commands commands(ClusterShape shape) {
        return new Commands(SimulatedCluster.of(shape).connect().ports());
    }

    private static String text(Commands commands, String node, String path) {
        return new String(commands.host(node).read(path).orElseThrow(), StandardCharsets.UTF_8);
    }
}
