package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.fake.TestPki;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.steps.check.CheckAccess;
import dev.belay.activities.steps.check.CheckNodes;
import dev.belay.activities.steps.check.CheckVersions;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.IgnoredPreflightError;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CheckStepsTest extends HealthyCluster {

    @Nested
    class Access {

        private Done<CheckAccess.Output> check() {
            return new CheckAccess().run(NONE, world.context("check.access"));
        }

        @Test
        void findsHostsAndApiToBeOneCluster() {
            assertThat(check().output()).isEqualTo(new CheckAccess.Output(3, "uid-1"));
            assertThat(world.effects).isEmpty();
        }

        @Test
        void refusesAKubeconfigOfAnotherCluster() {
            TestPki other = new TestPki("kubernetes", BEGIN, LATER);
            world.kube.configMaps.put("kube-system/kube-root-ca.crt", Map.of("ca.crt", other.ca()));

            Failure failure = failureOf(this::check);

            assertThat(failure.code()).isEqualTo("OTHER_CLUSTER");
            assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
            assertThat(failure.why()).contains("cp1").contains("cp2").contains("w1");
        }

        @Test
        void namesNodesThatInventoryAndApiDoNotShare() {
            world.kube.nodes.remove(new NodeName("w1"));
            world.kube.node("w9", false, "v1.33.13");

            Failure failure = failureOf(this::check);

            assertThat(failure.why())
                    .contains("w1 is in the inventory but not a node")
                    .contains("w9 is a node of the cluster but not in the inventory");
        }

        @Test
        void saysAllThatIsWrongAndStopsOnWhatDoesNotHealByItself() {
            world.host("cp2").dead = true;
            world.host("w1").says("id -u", "1000");
            world.host("cp1").skew = Duration.ofMinutes(-5);

            Failure failure = failureOf(this::check);

            assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
            assertThat(failure.why())
                    .contains("cp2 cannot be reached")
                    .contains("w1: `sudo -n id -u` does not answer 0")
                    .contains("cp1: its clock is 300 s away");
        }

        @Test
        void triesAgainWhenAHostIsOnlyAway() {
            world.host("cp2").dead = true;

            assertThat(failureOf(this::check).kind()).isEqualTo(FailureKind.TRANSIENT);
        }
    }

    @Nested
    class Versions {

        private Done<CheckVersions.Output> check() {
            return new CheckVersions().run(NONE, world.context("check.versions"));
        }

        @Test
        void acceptsAClusterAtTheStartOfTheHopAndOneThatIsPartOfTheWay() {
            assertThat(check().output().controlPlane()).isEqualTo(FakeWorld.FROM);

            world.kube.apiServer("cp1", "v1.34.4");

            assertThat(check().output().controlPlane()).isEqualTo(FakeWorld.FROM);
        }

        @Test
        void refusesAClusterThatIsSomewhereElse() {
            world.kube.apiServer("cp1", "v1.33.12");
            world.kube.configMaps.put(
                    "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1.33.12\n"));

            assertThat(failureOf(this::check).why())
                    .contains("API server of cp1 is at v1.33.12")
                    .contains("kubeadm-config says v1.33.12");
        }

        @Test
        void refusesAKubeletThatTheHopWouldLeaveTooFarBehind() {
            world.kube.node("w1", false, "v1.30.1");

            Failure failure = failureOf(this::check);

            assertThat(failure.code()).isEqualTo("VERSION_SKEW");
            assertThat(failure.why()).contains("w1").contains("v1.30.1");
        }

        @Test
        void namesAnApiServerThatDoesNotAnswerByItsOwnAddress() {
            world.kube.apiServers.remove(new NodeName("cp2"));

            assertThat(failureOf(this::check).why()).contains("API server of cp2 is not ready: connection refused");
        }

        @Test
        void saysThatKubeadmsRecordIsMissing() {
            world.kube.configMaps.remove("kube-system/kubeadm-config");

            assertThat(failureOf(this::check).code()).isEqualTo("KUBEADM_CONFIG");
        }
    }

    @Nested
    class Nodes {

        private Done<CheckNodes.Output> check() {
            return new CheckNodes().run(NONE, world.context("check.nodes"));
        }

        @Test
        void writesDownWhatWasBrokenBefore() {
            world.kube.workloads.add(new Workload("shop", "Deployment", "cart", 2, 2, 0, true));

            assertThat(check().output().unavailable()).containsExactly("shop/Deployment/cart");

            world.kube.workloads.add(new Workload("shop", "Deployment", "web", 2, 2, 1, true));
            assertThat(Baseline.missing(world.context("x")))
                    .singleElement()
                    .asString()
                    .contains("web");
        }

        @Test
        void namesNodesThatAreNotReadyOrUnderPressure() {
            KubeNode w1 = world.kube.nodes.get(new NodeName("w1"));
            world.kube.node(FakeKube.kubelet(w1, "v1.33.13", false));
            world.host("cp1").says("systemctl is-active kubelet", "failed");

            assertThat(failureOf(this::check).why())
                    .contains("node w1 is not Ready")
                    .contains("cp1: its kubelet is failed");
        }

        @Test
        void findsACopyOfAManifestThatTheKubeletWouldRunToo() {
            byte[] copy = world.host("cp1").files.get("/etc/kubernetes/manifests/etcd.yaml");
            world.host("cp1").files.put("/etc/kubernetes/manifests/etcd.yaml.bak", copy);

            assertThat(failureOf(this::check).why()).contains("etcd.yaml.bak is a second etcd");
        }

        @Test
        void findsFlagsThatTheNextMinorHasLost() {
            world.host("w1").file("/etc/default/kubelet", "KUBELET_EXTRA_ARGS=--register-schedulable=false\n");
            world.host("w1").file("/var/lib/kubelet/kubeadm-flags.env", "A=\"--pod-infra-container-image=x\"\n");

            Failure failure = failureOf(this::check);

            assertThat(failure.code()).isEqualTo("REMOVED_FLAG");
            assertThat(failure.why())
                    .contains("/etc/default/kubelet has --register-schedulable")
                    .doesNotContain("pod-infra");
        }

        @Test
        void findsFlagsOfTheMinorsThatAKubeletSkips() {
            world.hop = new Hop(
                    0, KubernetesVersion.parse("v1.30.14"), KubernetesVersion.parse("v1.33.13"), true, true, false);
            world.host("w1").file("/etc/default/kubelet", "KUBELET_EXTRA_ARGS=--keep-terminated-pod-volumes=false\n");

            assertThat(failureOf(this::check).why())
                    .contains("w1: /etc/default/kubelet has --keep-terminated-pod-volumes");
        }

        @Test
        void refusesCgroupV1WhereTheKubeletWouldNotStart() {
            world.hop = new Hop(
                    0, KubernetesVersion.parse("v1.34.4"), KubernetesVersion.parse("v1.35.4"), true, true, false);
            world.host("w1").says("stat -fc %T /sys/fs/cgroup", "tmpfs");

            assertThat(failureOf(this::check).code()).isEqualTo("CGROUP_V1");

            world.ignored = List.of(new IgnoredPreflightError("SystemVerification", "lab", "me"));
            assertThat(failureOf(this::check).code()).isEqualTo("CGROUP_V1");

            world.host("w1").file("/var/lib/kubelet/config.yaml", "failCgroupV1: false\n");
            assertThat(check().state()).isEqualTo(StepState.DONE);
        }

        @Test
        void refusesAManifestThatIsNoYaml() {
            world.host("cp1").file("/etc/kubernetes/manifests/etcd.yaml", "a: [b\n");

            assertThat(failureOf(this::check).code()).isEqualTo("MANIFEST_UNREADABLE");
        }
    }
}
