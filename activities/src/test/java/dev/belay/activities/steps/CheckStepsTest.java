package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.Done;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.fake.TestPki;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.steps.check.CheckAccess;
import dev.belay.activities.steps.check.CheckCertificates;
import dev.belay.activities.steps.check.CheckDisk;
import dev.belay.activities.steps.check.CheckEtcd;
import dev.belay.activities.steps.check.CheckNodes;
import dev.belay.activities.steps.check.CheckVersions;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.IgnoredPreflightError;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CheckStepsTest {

    private static final Nothing NONE = new Nothing();
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2036-01-01T00:00:00Z");
    private static final TestPki CA = new TestPki("kubernetes", BEGIN, LATER);
    private static final TestPki ETCD_CA = new TestPki("etcd-ca", BEGIN, LATER);

    private final FakeWorld world = new FakeWorld();

    @BeforeEach
    void healthy() {
        world.kube.configMaps.put("kube-system/kube-root-ca.crt", Map.of("ca.crt", CA.ca()));
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1.33.13\n"));
        for (String node : List.of("cp1", "cp2", "w1")) {
            FakeHost host = world.host(node);
            host.says("id -u", "0");
            host.file("/etc/kubernetes/pki/ca.crt", CA.ca());
            host.says("systemctl is-active kubelet", "active");
            host.says("stat -fc %T /sys/fs/cgroup", "cgroup2fs");
            for (String path : List.of("/etc/kubernetes", "/var/lib/containerd", "/var")) {
                host.says("df -B1 --output=avail,size " + path, "     Avail 1B-blocks\n9000000000 20000000000");
            }
        }
        for (String node : List.of("cp1", "cp2")) {
            for (String component : StaticPods.KUBERNETES) {
                manifest(node, component, "registry.k8s.io/" + component + ":v1.33.13", "--v=2");
            }
            manifest(node, "etcd", "registry.k8s.io/etcd:3.5.24-0", "--name=" + node);
        }
    }

    private void manifest(String node, String component, String image, String flag) {
        world.host(node).file("/etc/kubernetes/manifests/" + component + ".yaml", """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %s, labels: {component: %s}}
                        spec:
                          containers:
                          - name: %s
                            image: %s
                            command: [%s, %s]
                        """.formatted(
                        component, component, component, image, component, flag));
    }

    private static Failure failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StepFailure.class, call).failure();
    }

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

            assertThat(failureOf(this::check).why()).contains("w1: /etc/default/kubelet has --keep-terminated-pod-volumes");
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

    @Nested
    class Etcd {

        private Done<CheckEtcd.Output> check() {
            return new CheckEtcd().run(NONE, world.context("check.etcd"));
        }

        private void status(String name, MemberStatus status) {
            world.etcd.statuses.put(name, status);
        }

        @Test
        void findsMembersThatAgree() {
            assertThat(check().output()).isEqualTo(new CheckEtcd.Output(2, "3.5.35", 500, 50_000_000));
        }

        @Test
        void doesNotTakeTwoHealthyClustersForOne() {
            status("cp2", new MemberStatus("2", "101", "101", "3.5.35", 500, 3, 900, 900, 1, 1, false, List.of()));

            assertThat(failureOf(this::check).why())
                    .contains("members belong to different etcd clusters: cp1 1, cp2 2")
                    .contains("different leaders");
        }

        @Test
        void waitsForAMemberThatComesBack() {
            MemberStatus back = world.etcd.statuses.remove("cp2");
            world.clock.onTick(() -> status("cp2", back));

            assertThat(check().state()).isEqualTo(StepState.DONE);
        }

        @Test
        void namesADeadMember() {
            world.etcd.statuses.remove("cp2");

            Failure failure = failureOf(this::check);

            assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
            assertThat(failure.why()).contains("etcd member cp2 does not answer");
        }

        @Test
        void namesAlarmsStrangersLearnersAndDifferentData() {
            world.etcd.alarms.add(new EtcdAlarm("101", "NOSPACE"));
            world.etcd.hashes.put("cp2", new MemberHash(78, 10));
            EtcdMember first = world.etcd.members.get(0);
            world.etcd.members.set(0, new EtcdMember(first.id(), "old", first.peerUrls(), first.clientUrls(), true));
            status("old", world.etcd.statuses.get("cp1"));
            world.etcd.hashes.put("old", new MemberHash(77, 10));

            assertThat(failureOf(this::check).why())
                    .contains("alarm NOSPACE of cp2")
                    .contains("members differ at revision 500")
                    .contains("etcd member old is no control plane")
                    .contains("control plane cp1 has no etcd member")
                    .contains("old is a learner");
        }

        @Test
        void refusesVersionsThatTheNextMinorOfEtcdBreaks() {
            world.etcd.members.clear();
            world.etcd.member("cp1", "3.5.24");
            world.etcd.member("cp2", "3.5.35");

            Failure failure = failureOf(this::check);

            assertThat(failure.code()).isEqualTo("ETCD_VERSION");
            assertThat(failure.why())
                    .contains("etcd 3.5.24 of cp1")
                    .contains("3.5.26")
                    .contains("20967");
        }

        @Test
        void asksNothingOfTheVersionWhenEtcdKeepsItsMinor() {
            world.hop = new Hop(
                    0, KubernetesVersion.parse("v1.32.13"), KubernetesVersion.parse("v1.33.13"), true, true, false);
            world.etcd.members.clear();
            world.etcd.member("cp1", "3.5.24");
            world.etcd.member("cp2", "3.5.24");

            assertThat(check().state()).isEqualTo(StepState.DONE);
        }

        @Test
        void measuresTheDatabaseAgainstTheQuotaOfItsManifest() {
            manifest("cp2", "etcd", "registry.k8s.io/etcd:3.5.24-0", "--quota-backend-bytes=55000000");

            assertThat(failureOf(this::check).code()).isEqualTo("ETCD_FULL");
        }
    }

    @Nested
    class Certificates {

        private Done<CheckCertificates.Output> check() {
            return new CheckCertificates().run(NONE, world.context("check.certificates"));
        }

        private Instant in(int days) {
            return world.clock.now().plus(Duration.ofDays(days));
        }

        @Test
        void readsFilesAndKubeconfigs() {
            world.host("cp1").file("/etc/kubernetes/pki/apiserver.crt", CA.leaf("kube-apiserver", BEGIN, in(300)));
            String client = Base64.getEncoder()
                    .encodeToString(CA.leaf("kubernetes-admin", BEGIN, in(100)).getBytes(StandardCharsets.UTF_8));
            world.host("cp1")
                    .file("/etc/kubernetes/admin.conf", "users: [{user: {client-certificate-data: " + client + "}}]\n");

            CheckCertificates.Output output = check().output();

            assertThat(output.certificates()).isEqualTo(5);
            assertThat(output.firstEnd()).isEqualTo(in(100).toString());
        }

        @Test
        void saysExpiredBeforeItSaysSoon() {
            world.host("cp2").file("/etc/kubernetes/pki/apiserver.crt", CA.leaf("x", BEGIN, in(-5)));

            Failure failure = failureOf(this::check);

            assertThat(failure.code()).isEqualTo("CERTIFICATE_EXPIRED");
            assertThat(failure.why()).contains("cp2: /etc/kubernetes/pki/apiserver.crt expired at");
            assertThat(failure.next()).contains("kubeadm certs renew");
        }

        @Test
        void stopsForAWeekAndWarnsForAMonth() {
            world.host("cp1").file("/etc/kubernetes/pki/apiserver.crt", CA.leaf("x", BEGIN, in(20)));
            assertThat(check().why()).contains("expires in 20 days");

            world.host("cp1").file("/etc/kubernetes/pki/apiserver.crt", CA.leaf("x", BEGIN, in(6)));
            assertThat(failureOf(this::check).code()).isEqualTo("CERTIFICATE_EXPIRES");
        }

        @Test
        void judgesEachCertificateAgainstItsOwnCa() {
            world.host("cp1").file("/etc/kubernetes/pki/etcd/ca.crt", ETCD_CA.ca());
            world.host("cp1").file("/etc/kubernetes/pki/etcd/server.crt", CA.leaf("x", BEGIN, in(300)));

            assertThat(failureOf(this::check).code()).isEqualTo("CERTIFICATE_CHAIN");

            world.host("cp1").file("/etc/kubernetes/pki/etcd/server.crt", ETCD_CA.leaf("x", BEGIN, in(300)));
            assertThat(check().state()).isEqualTo(StepState.DONE);
        }

        @Test
        void namesWhatCannotBeRead() {
            world.host("w1")
                    .file("/etc/kubernetes/kubelet.conf", "users: [{user: {client-certificate: /nowhere.pem}}]\n");
            world.host("cp1").file("/etc/kubernetes/pki/apiserver.crt", "rubbish");

            assertThat(failureOf(this::check).why())
                    .contains("w1: /etc/kubernetes/kubelet.conf points to /nowhere.pem")
                    .contains("apiserver.crt holds no certificate");
        }

        @Test
        void noticesControlPlanesWithDifferentCas() {
            for (String node : List.of("cp1", "cp2")) {
                world.host(node).file("/etc/kubernetes/pki/apiserver.crt", CA.leaf("x", BEGIN, in(300)));
            }
            TestPki other = new TestPki("front-proxy-ca", BEGIN, LATER);
            world.host("cp1").file("/etc/kubernetes/pki/front-proxy-ca.crt", other.ca());
            world.host("cp2").file("/etc/kubernetes/pki/front-proxy-ca.crt", ETCD_CA.ca());

            assertThat(failureOf(this::check).code()).isEqualTo("CA_DIFFERS");
        }
    }

    @Nested
    class Disk {

        private Done<CheckDisk.Output> check() {
            return new CheckDisk().run(NONE, world.context("check.disk"));
        }

        @Test
        void findsRoom() {
            assertThat(check().output().least()).isEqualTo(9_000_000_000L);
        }

        @Test
        void asksForACopyOfEtcdsDataAndTwoSetsOfImages() {
            world.host("cp1").says("df -B1 --output=avail,size /etc/kubernetes", "Avail 1B\n200000000 1");
            world.host("w1").says("df -B1 --output=avail,size /var/lib/containerd", "Avail 1B\n1000000000 1");

            assertThat(failureOf(this::check).why())
                    .contains("cp1: /etc/kubernetes has 190 MB free")
                    .contains("w1: /var/lib/containerd has 953 MB free");
        }

        @Test
        void doesNotGuessWhatDfMeant() {
            world.host("w1").fails("df -B1 --output=avail,size /var", 1, "df: no such file");

            assertThat(failureOf(this::check).why()).contains("df: no such file");
        }
    }

    @Test
    void anApiServerMayBeReadyAtAnotherVersion() {
        world.kube.apiServers.put(
                new NodeName("cp1"), new ApiServerHealth(Optional.of(FakeWorld.TO), false, "[-]etcd failed"));

        assertThat(ControlPlanes.notReady(world.context("x")))
                .containsExactly("the API server of cp1 is not ready: [-]etcd failed");
    }
}
