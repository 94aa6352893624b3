package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.certs.InspectCertificates;
import dev.belay.activities.steps.certs.RenewCertificates;
import dev.belay.activities.steps.certs.SyncCertificates;
import dev.belay.activities.steps.staticpods.RestartStaticPods;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.AdminCopy;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import dev.belay.twin.pki.Authority;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Renewal with real restarts, and the files that all control planes share. */
class RenewAndSyncTest {

    private static final String PKI = "/etc/kubernetes/pki/";
    private static final String COPY = "/root/config";
    private static final Duration OLD = Duration.ofDays(230);

    private final Steps steps = Steps.on(shape());

    @Test
    void nothingIsRenewedThatLastsLongEnough() {
        Done<RenewCertificates.Output> done = steps.run("certs.renew", "cp2", Map.of());

        assertThat(done.state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(steps.cluster().effects().list()).isEmpty();
    }

    @Test
    void whatEndsSoonIsRenewedAndEveryStaticPodGetsANewContainerOnce() {
        age();

        Done<RenewCertificates.Output> done = steps.run("certs.renew", "cp2", Map.of());

        assertThat(done.output().renewed()).isEqualTo(10);
        assertThat(Instant.parse(done.output().firstEnd()))
                .isAfter(steps.cluster().now().plus(Duration.ofDays(364)));
        assertThat(done.output().restarted())
                .extracting(text -> text.substring(0, text.indexOf(' ')))
                .containsExactly("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler");
        int effects = steps.cluster().effects().list().size();
        steps.run("certs.renew", "cp2", Map.of());
        assertThat(steps.cluster().effects().list()).hasSize(effects);
        assertThat(findings()).noneMatch(found -> found.contains(" cp2: /etc/kubernetes/pki"));
    }

    @Test
    void theRenewedBearTheNamesOfTheOldAndOnlyTheLeavesAreNew() throws CertificateException {
        X509Certificate before = certificate("cp1", "apiserver.crt");
        X509Certificate ca = certificate("cp1", "ca.crt");
        age();

        steps.run("certs.renew", "cp1", Map.of());

        X509Certificate after = certificate("cp1", "apiserver.crt");
        assertThat(List.copyOf(after.getSubjectAlternativeNames()))
                .isEqualTo(List.copyOf(before.getSubjectAlternativeNames()));
        assertThat(after.getNotAfter()).isAfter(before.getNotAfter());
        assertThat(certificate("cp1", "ca.crt")).isEqualTo(ca);
    }

    @Test
    void copiesOfTheAdminsKubeconfigFollowTheFirstControlPlaneAndKeepTheirOwner() {
        FileAttributes owned = new FileAttributes(0640, 1000, 1000);
        host("w1").write(COPY, host("cp1").read("/etc/kubernetes/admin.conf").orElseThrow(), owned);
        age();

        Done<RenewCertificates.Output> other = steps.run("certs.renew", "cp2", Map.of());
        Done<RenewCertificates.Output> first = steps.run("certs.renew", "cp1", Map.of());

        assertThat(other.output().copies()).isEmpty();
        assertThat(first.output().copies()).containsExactly("w1:" + COPY);
        assertThat(host("w1").read(COPY))
                .hasValue(host("cp1").read("/etc/kubernetes/admin.conf").orElseThrow());
        assertThat(host("w1").list(List.of(COPY)))
                .extracting(FileEntry::attributes)
                .containsExactly(owned);
    }

    @Test
    void aCopyThatIsSomethingElseIsNotOverwritten() {
        byte[] foreign = "clusters: []\n".getBytes(StandardCharsets.UTF_8);
        host("w1").write(COPY, foreign, FileAttributes.ROOT_ONLY);
        age();

        failsWith(FailureKind.PRECONDITION, "ADMIN_COPY", () -> steps.run("certs.renew", "cp1", Map.of()));

        assertThat(host("w1").read(COPY)).hasValue(foreign);
    }

    @Test
    void anExternalCaIsNamedWhenItsCertificatesAreDue() {
        host("cp3").remove(PKI + "etcd/ca.key");
        age();

        failsWith(FailureKind.PRECONDITION, "CA_EXTERNAL", () -> steps.run("certs.renew", "cp3", Map.of()));
    }

    @Test
    void certificatesThatHaveAllExpiredAreRenewedOnAllBeforeAnythingIsRestarted() {
        copy();
        steps.ports().clock().sleep(Duration.ofDays(260));
        List<String> controlPlanes = List.of("cp1", "cp2", "cp3");

        controlPlanes.forEach(node -> steps.run("certs.renew", node, Map.of("restart", false)));
        for (String node : controlPlanes) {
            Done<RestartStaticPods.Output> done = steps.run("staticPods.restart", node, Map.of("outage", true));
            assertThat(done.output().restarted()).hasSize(4);
        }

        assertThat(findings()).noneMatch(found -> found.contains("/etc/kubernetes/pki"));
    }

    @Test
    void whatIsSharedAndTheSameIsLeftAlone() {
        Done<SyncCertificates.Output> done = steps.run("certs.sync", Map.of("from", "cp1"));

        assertThat(done.state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(done.output().files()).isEqualTo(8);
        assertThat(steps.cluster().effects().list()).isEmpty();
    }

    @Test
    void onlyWhatDiffersIsCopiedWithModeAndOwnerAndNeverALeaf() {
        Authority other = authority();
        host("cp2").remove(PKI + "etcd/ca.key");
        host("cp3").write(PKI + "sa.key", bytes(other.keyPem()), FileAttributes.ROOT_ONLY);
        host("cp3").write(PKI + "sa.pub", bytes(other.publicKeyPem()), FileAttributes.ROOT_READABLE);
        host("cp3").write(PKI + "ca.key", host("cp1").read(PKI + "ca.key").orElseThrow(), FileAttributes.ROOT_READABLE);
        host("cp2").write(PKI + "ca.crt", host("cp1").read(PKI + "ca.crt").orElseThrow(), FileAttributes.ROOT_ONLY);
        int before = steps.cluster().effects().list().size();

        Done<SyncCertificates.Output> done = steps.run("certs.sync", Map.of("from", "cp1"));

        assertThat(done.output().changes())
                .containsExactly(
                        "cp2 + /etc/kubernetes/pki/etcd/ca.key",
                        "cp3 a /etc/kubernetes/pki/ca.key 0644 0:0 -> 0600 0:0",
                        "cp3 c /etc/kubernetes/pki/sa.key",
                        "cp3 c /etc/kubernetes/pki/sa.pub");
        List<String> effects = steps.cluster().effects().list();
        assertThat(effects.subList(before, effects.size()))
                .containsExactly(
                        "cp2: write /etc/kubernetes/pki/etcd/ca.key",
                        "cp3: write /etc/kubernetes/pki/ca.key",
                        "cp3: write /etc/kubernetes/pki/sa.key",
                        "cp3: write /etc/kubernetes/pki/sa.pub");
        assertThat(findings()).isEmpty();
    }

    @Test
    void aDryRunShowsTheSameAndChangesNothing() {
        host("cp2").remove(PKI + "sa.key");
        int before = steps.cluster().effects().list().size();

        Done<SyncCertificates.Output> done = steps.run("certs.sync", Map.of("from", "cp1", "dryRun", true));

        assertThat(done.output().changes()).containsExactly("cp2 + /etc/kubernetes/pki/sa.key");
        assertThat(done.why()).contains("nothing was changed").doesNotContain("PRIVATE");
        assertThat(steps.cluster().effects().list()).hasSize(before);
    }

    @Test
    void aCaThatDidNotSignTheLeavesOfANodeIsNotCopiedOverItsOwn() {
        Authority other = authority();
        host("cp1").write(PKI + "ca.crt", bytes(other.certificatePem()), FileAttributes.ROOT_READABLE);
        host("cp1").write(PKI + "ca.key", bytes(other.keyPem()), FileAttributes.ROOT_ONLY);
        int before = steps.cluster().effects().list().size();

        failsWith(FailureKind.PRECONDITION, "CERTIFICATE_CHAIN", () -> steps.run("certs.sync", Map.of("from", "cp1")));

        assertThat(steps.cluster().effects().list()).hasSize(before);
    }

    @Test
    void aPairThatIsNoneIsNotSpread() {
        host("cp1").write(PKI + "sa.key", bytes(authority().keyPem()), FileAttributes.ROOT_ONLY);

        failsWith(FailureKind.PRECONDITION, "KEY_MISMATCH", () -> steps.run("certs.sync", Map.of("from", "cp1")));
    }

    @Test
    void onlyAControlPlaneCanBeCopiedFrom() {
        failsWith(FailureKind.PERMANENT, "BAD_INPUT", () -> steps.run("certs.sync", Map.of("from", "w1")));
    }

    private static ClusterShape shape() {
        ClusterShape plain = ClusterShape.standard(KubernetesVersion.parse("v1.33.13"));
        Cluster one = plain.inventory();
        return ClusterShape.of(
                new Cluster(
                        one.name(),
                        one.site(),
                        one.kubeconfig(),
                        one.ssh(),
                        one.hosts(),
                        one.packages(),
                        one.backups(),
                        one.ignorePreflightErrors(),
                        one.accept(),
                        List.of(new AdminCopy(new NodeName("w1"), COPY))),
                plain.version());
    }

    /** Certificates have two weeks left. */
    private void age() {
        copy();
        steps.ports().clock().sleep(OLD);
    }

    private void copy() {
        if (host("w1").list(List.of(COPY)).isEmpty()) {
            byte[] admin = host("cp1").read("/etc/kubernetes/admin.conf").orElseThrow();
            host("w1").write(COPY, admin, FileAttributes.ROOT_ONLY);
        }
    }

    private List<String> findings() {
        Done<InspectCertificates.Output> done = steps.run("certs.inspect", Map.of());
        return done.output().findings().stream()
                .filter(found -> !found.contains("/var/lib/kubelet/"))
                .toList();
    }

    private X509Certificate certificate(String node, String file) throws CertificateException {
        return Pem.certificates(host(node).read(PKI + file).orElseThrow()).get(0);
    }

    private Authority authority() {
        Instant now = steps.cluster().now();
        return new Authority("kubernetes", now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1000)));
    }

    private Host host(String node) {
        return steps.commands().host(node);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
