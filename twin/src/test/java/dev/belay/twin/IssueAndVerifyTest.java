package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.certs.IssueCertificates;
import dev.belay.activities.steps.certs.VerifyCertificates;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import dev.belay.twin.pki.Authority;
import dev.belay.twin.pki.Authority.Wanted;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

/** Certificates issued without kubeadm, and what servers present. */
class IssueAndVerifyTest {

    private static final String PKI = "/etc/kubernetes/pki/";

    private final Steps steps = Steps.on(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));

    @Test
    void whatIsWholeIsNotIssuedAgain() {
        assertThat(issue("cp1", Map.of()).state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(steps.cluster().effects().list()).isEmpty();
    }

    @Test
    void aNameIsAddedAndSubjectKeyAndOldNamesStay() throws Exception {
        X509Certificate before = certificate("cp1", "apiserver.crt");

        Done<IssueCertificates.Output> done = issue("cp1", Map.of("names", List.of("api.example.org", "192.0.2.7")));

        X509Certificate after = certificate("cp1", "apiserver.crt");
        assertThat(done.output().certificates()).containsExactly("apiserver");
        assertThat(after.getSubjectX500Principal()).isEqualTo(before.getSubjectX500Principal());
        assertThat(after.getPublicKey()).isEqualTo(before.getPublicKey());
        assertThat(names(after)).containsAll(names(before)).contains("api.example.org", "192.0.2.7");
        assertThat(after.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(after.getBasicConstraints()).isEqualTo(-1);
        assertThat(after.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        after.verify(certificate("cp1", "ca.crt").getPublicKey());
        assertThat(steps.effectsOf("cp1")).containsExactly("cp1: write /etc/kubernetes/pki/apiserver.crt");
        assertThat(issue("cp1", Map.of()).state()).isEqualTo(StepState.ALREADY_DONE);
    }

    @Test
    void whatIsMissingIsMadeAsKubeadmMakesItWithAKeyOfItsOwn() throws Exception {
        host("cp2").remove(PKI + "etcd/peer.crt");
        host("cp2").remove(PKI + "etcd/peer.key");

        issue("cp2", Map.of());

        X509Certificate made = certificate("cp2", "etcd/peer.crt");
        assertThat(made.getSubjectX500Principal().getName()).isEqualTo("CN=cp2");
        assertThat(names(made)).contains("cp2", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.20.0.13");
        assertThat(made.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(steps.<dev.belay.activities.steps.certs.InspectCertificates.Output>run("certs.inspect", Map.of())
                        .output()
                        .findings())
                .isEmpty();
    }

    @Test
    void itEndsNoLaterThanItsCa() throws Exception {
        issue(
                "cp1",
                Map.of("certificates", List.of("admin.conf", "etcd/server"), "within", "8000h", "life", "999999h"));

        assertThat(certificate("cp1", "etcd/server.crt").getNotAfter())
                .isEqualTo(certificate("cp1", "etcd/ca.crt").getNotAfter());
    }

    @Test
    void anExpiredCaInTheBundleSignsNothingAndIsInNoChain() throws Exception {
        Instant now = steps.cluster().now();
        Authority ended = new Authority("kubernetes", now.minus(Duration.ofDays(90)), now.minus(Duration.ofDays(1)));
        String bundle = ended.certificatePem() + text("cp1", "ca.crt");
        host("cp1").write(PKI + "ca.crt", bundle.getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_READABLE);
        put("cp1", "apiserver.crt", ended.issue(Wanted.client("CN=x"), now, now).certificate());

        issue("cp1", Map.of("certificates", List.of("apiserver")));

        byte[] made = host("cp1").read(PKI + "apiserver.crt").orElseThrow();
        assertThat(Pem.certificates(made)).hasSize(1);
        certificate("cp1", "apiserver.crt").verify(certificate("cp2", "ca.crt").getPublicKey());
    }

    @Test
    void aCaThatHasEndedSignsNothing() {
        steps.ports().clock().sleep(Duration.ofDays(4000));

        failsWith(FailureKind.PRECONDITION, "CA_UNUSABLE", () -> issue("cp1", Map.of()));

        assertThat(steps.cluster().effects().list()).isEmpty();
    }

    @Test
    void forACaElsewhereRequestsAreWrittenAndWhatItSignedIsImported() throws Exception {
        Authority elsewhere = Authority.of(
                host("cp1").read(PKI + "front-proxy-ca.crt").orElseThrow(),
                host("cp1").read(PKI + "front-proxy-ca.key").orElseThrow());
        host("cp1").remove(PKI + "front-proxy-ca.key");
        Map<String, Object> one = Map.of("certificates", List.of("front-proxy-client"), "within", "8000h");
        failsWith(FailureKind.PRECONDITION, "CA_EXTERNAL", () -> issue("cp1", one));

        Map<String, Object> asking = new java.util.TreeMap<>(one);
        asking.put("mode", "requests");
        Done<IssueCertificates.Output> asked = issue("cp1", asking);

        String csr = evidence(asked.output().requests() + "/front-proxy-client.csr");
        assertThat(csr).startsWith("-----BEGIN CERTIFICATE REQUEST-----").doesNotContain("PRIVATE");
        PKCS10CertificationRequest request = request(csr);
        assertThat(request.getSubject()).hasToString("CN=front-proxy-client");
        assertThat(steps.effectsOf("cp1"))
                .as("nothing on the node")
                .containsExactly("cp1: remove " + PKI + "front-proxy-ca.key");

        Instant now = steps.cluster().now();
        String signed = elsewhere
                .issue(Wanted.client("CN=front-proxy-client"), now, now.plus(Duration.ofDays(400)))
                .certificate();
        steps.ports()
                .evidence()
                .store(
                        "signed/cp1/front-proxy-client.crt",
                        sink -> sink.write(signed.getBytes(StandardCharsets.UTF_8)));
        Map<String, Object> importing = new java.util.TreeMap<>(one);
        importing.put("mode", "import");
        importing.put("from", "signed");
        issue("cp1", importing);

        assertThat(text("cp1", "front-proxy-client.crt")).isEqualTo(signed);
    }

    @Test
    void whatIsNotTheRequestedOneIsNotImported() {
        Instant now = steps.cluster().now();
        String stranger = new Authority("x", now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)))
                .issue(Wanted.client("CN=x"), now, now.plus(Duration.ofDays(9)))
                .certificate();
        steps.ports()
                .evidence()
                .store("signed/cp1/apiserver.crt", sink -> sink.write(stranger.getBytes(StandardCharsets.UTF_8)));
        String before = text("cp1", "apiserver.crt");

        failsWith(
                FailureKind.PRECONDITION,
                "CERTIFICATE_REFUSED",
                () -> issue(
                        "cp1",
                        Map.of(
                                "mode",
                                "import",
                                "from",
                                "signed",
                                "certificates",
                                List.of("apiserver"),
                                "within",
                                "8000h")));

        assertThat(text("cp1", "apiserver.crt")).isEqualTo(before);
    }

    @Test
    void onAWholeClusterEveryServerPresentsItsFile() {
        Done<VerifyCertificates.Output> done = steps.run("certs.verifyConsistency", Map.of());

        assertThat(done.output().handshakes()).isEqualTo(3 * 4 + 4);
        assertThat(steps.cluster().effects().list()).isEmpty();
    }

    @Test
    void aStaticPodThatRunsWithOldFilesIsNamed() {
        steps.ports().clock().sleep(Duration.ofSeconds(10));
        put(
                "cp2",
                "../scheduler.conf",
                new String(host("cp2").read("/etc/kubernetes/scheduler.conf").orElseThrow(), StandardCharsets.UTF_8));

        failsWith(FailureKind.PRECONDITION, "STATIC_POD_STALE", () -> steps.run("certs.verifyConsistency", Map.of()));
        steps.run("staticPods.restart", "cp2", Map.of());

        assertThat(steps.run("certs.verifyConsistency", Map.of()).state()).isEqualTo(StepState.DONE);
    }

    @Test
    void aServerThatIsSilentIsNamed() {
        host("cp3").remove("/etc/kubernetes/manifests/etcd.yaml");
        steps.ports().clock().sleep(Duration.ofSeconds(30));

        failsWith(
                FailureKind.PRECONDITION,
                "CERTIFICATE_NOT_PRESENTED",
                () -> steps.run("certs.verifyConsistency", Map.of()));
    }

    private Done<IssueCertificates.Output> issue(String node, Map<String, Object> with) {
        return steps.run("certs.issue", node, with);
    }

    private static List<String> names(X509Certificate one) throws CertificateException {
        Collection<List<?>> all = one.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        all.forEach(name -> names.add(String.valueOf(name.get(1))));
        return names;
    }

    private static PKCS10CertificationRequest request(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }

    private X509Certificate certificate(String node, String file) throws GeneralSecurityException {
        List<X509Certificate> all = Pem.certificates(host(node).read(PKI + file).orElseThrow());
        return all.get(all.size() - 1);
    }

    private String text(String node, String file) {
        return new String(host(node).read(PKI + file).orElseThrow(), StandardCharsets.UTF_8);
    }

    private String evidence(String path) {
        return new String(steps.ports().evidence().read(path).orElseThrow(), StandardCharsets.UTF_8);
    }

    private void put(String node, String file, String text) {
        String path = file.startsWith("../") ? "/etc/kubernetes/" + file.substring(3) : PKI + file;
        host(node).write(path, text.getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_ONLY);
    }

    private Host host(String node) {
        return steps.commands().host(node);
    }
}
