package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.etcd.EtcdAlarm;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.fake.TestPki;
import dev.belay.activities.steps.check.CheckCertificates;
import dev.belay.activities.steps.check.CheckDisk;
import dev.belay.activities.steps.check.CheckEtcd;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Acceptance;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CheckControlPlaneStepsTest extends HealthyCluster {

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
            status(
                    "cp2",
                    new MemberStatus("2", "101", "101", "3.5.35", 500, 3, 900, 900, 1, 1, false, List.of(), "", ""));

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
        void namesDifferentData() {
            world.etcd.hashes.put("cp2", new MemberHash(78, 10));

            assertThat(failureOf(this::check).why()).contains("members differ at revision 500");
        }

        @Test
        void namesAlarmsStrangersAndLearnersWhoseDataNobodyAsksFor() {
            world.etcd.alarms.add(new EtcdAlarm("101", "NOSPACE"));
            EtcdMember first = world.etcd.members.get(0);
            world.etcd.members.set(0, new EtcdMember(first.id(), "old", first.peerUrls(), first.clientUrls(), true));
            status("old", world.etcd.statuses.get("cp1"));
            world.etcd.hashes.put("old", new MemberHash(76, 10));

            assertThat(failureOf(this::check).why())
                    .contains("alarm NOSPACE of cp2")
                    .doesNotContain("differ")
                    .contains("etcd member old is none of the inventory's")
                    .contains("cp1 has no etcd member")
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
        void letsAnOldVersionThroughThatTheInventoryAcceptsAndSaysWho() {
            world.etcd.members.clear();
            world.etcd.member("cp1", "3.5.24");
            world.etcd.member("cp2", "3.5.35");
            world.accepted = List.of(new Acceptance("etcd-too-old-for-hop", "a mirror's build with the fix", "jo"));

            assertThat(check().why()).contains("etcd 3.5.24 of cp1", "accepted by jo: a mirror's build with the fix");
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
}
