package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.certs.InspectCertificates;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.pki.Authority;
import dev.belay.twin.pki.Authority.Leaf;
import dev.belay.twin.pki.Authority.Wanted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What certs.inspect finds on a cluster with whole certificates, and on one where each rule is broken. */
class CertificatesTest {

    private static final String PKI = "/etc/kubernetes/pki/";

    private final Steps steps = Steps.on(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));

    @Test
    void onAWholeClusterThereIsNothingToPutRight() {
        InspectCertificates.Output output = inspect();

        assertThat(output.findings()).isEmpty();
        assertThat(output.stops()).isZero();
        assertThat(output.daysLeft()).isBetween(200, 300);
        assertThat(output.certificates()).isEqualTo(3 * (3 + 7 + 3 + 1 + 2) + 1 + 4 * (1 + 1 + 2));
        assertThat(steps.cluster().effects().list())
                .as("it only reads, and keeps its list")
                .allMatch(effect -> effect.contains("certificates-certs-inspect.json"));
    }

    @Test
    void theWholeListIsKeptTypedAndHoldsNoSecret() {
        InspectCertificates.Output output = inspect();

        String json = new String(steps.ports().evidence().read(output.report()).orElseThrow(), StandardCharsets.UTF_8);
        assertThat(json)
                .contains("\"path\" : \"/etc/kubernetes/pki/etcd/peer.crt\"", "\"daysLeft\" : ", "\"names\" : [ ")
                .doesNotContain("PRIVATE KEY", "BEGIN");
    }

    @Test
    void aLeafOfAnotherCaIsNotChained() {
        Authority other = authority("kubernetes");
        put(
                "cp2",
                "apiserver-kubelet-client.crt",
                leaf(other, Wanted.client("CN=x")).certificate());

        assertThat(inspect().findings())
                .anyMatch(found -> found.startsWith("STOP CERTIFICATE_CHAIN cp2: ")
                        && found.contains("apiserver-kubelet-client.crt is not signed by its own CA"));
    }

    @Test
    void aKeyThatIsNotItsCertificatesIsFound() {
        put("cp1", "ca.key", authority("x").keyPem());

        assertThat(inspect().findings())
                .singleElement()
                .asString()
                .startsWith("STOP KEY_MISMATCH cp1: /etc/kubernetes/pki/ca.key is not the key of");
    }

    @Test
    void controlPlanesWithAnotherCaAreNamed() {
        Authority other = authority("front-proxy-ca");
        put("cp3", "front-proxy-ca.crt", other.certificatePem());
        put("cp3", "front-proxy-ca.key", other.keyPem());

        assertThat(inspect().findings())
                .anyMatch(found ->
                        found.startsWith("STOP CA_DIFFERS") && found.contains("[cp1, cp2]") && found.contains("[cp3]"))
                .anyMatch(found ->
                        found.startsWith("STOP CERTIFICATE_CHAIN cp3: ") && found.contains("front-proxy-client.crt"));
    }

    @Test
    void anotherServiceAccountKeyIsTold() {
        Authority other = authority("sa");
        put("cp2", "sa.key", other.keyPem());
        put("cp2", "sa.pub", other.publicKeyPem());

        assertThat(inspect().findings()).singleElement().asString().startsWith("STOP SA_KEY_DIFFERS ");
    }

    @Test
    void theNamesAnApiServerIsReachedByMustBeInItsCertificate() {
        String manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
        String text = text("cp1", manifest).replace("--advertise-address=10.20.0.12", "--advertise-address=10.9.9.9");
        steps.commands().host("cp1").write(manifest, text.getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_ONLY);

        assertThat(inspect().findings())
                .containsExactly(
                        "STOP SAN_MISSING cp1: /etc/kubernetes/pki/apiserver.crt is not for 10.9.9.9",
                        "STOP SAN_MISSING cp1: /etc/kubernetes/pki/etcd/peer.crt is not for 10.9.9.9",
                        "STOP SAN_MISSING cp1: /etc/kubernetes/pki/etcd/server.crt is not for 10.9.9.9");
    }

    @Test
    void aServersCertificateThatMayNotServeIsFound() {
        put(
                "cp1",
                "etcd/server.crt",
                leaf(
                                authority("etcd-ca"),
                                new Wanted("CN=cp1", Wanted.client("CN=x").purposes(), List.of()))
                        .certificate());

        assertThat(inspect().findings()).anyMatch(found -> found.startsWith("STOP USAGE_WRONG cp1: "));
    }

    @Test
    void aKubeletThatDoesNotRotateIsFound() {
        String conf = text("cp1", "/etc/kubernetes/scheduler.conf");
        put("w1", "../kubelet.conf", conf);

        assertThat(inspect().findings())
                .singleElement()
                .asString()
                .startsWith("WARN KUBELET_NOT_ROTATING w1: /etc/kubernetes/kubelet.conf holds a certificate itself");
    }

    @Test
    void requestsThatWaitAreTold() {
        steps.cluster().world().signingRequests().ask("csr-x7 (system:node:w1, kubernetes.io/kubelet-serving)");

        assertThat(inspect().findings())
                .singleElement()
                .asString()
                .startsWith("WARN CSR_PENDING ")
                .contains("csr-x7");
    }

    @Test
    void anExternalCaIsANoteAndNoFault() {
        steps.commands().host("cp1").remove(PKI + "ca.key");

        InspectCertificates.Output output = inspect();

        assertThat(output.stops()).isZero();
        assertThat(output.findings()).singleElement().asString().startsWith("NOTE CA_EXTERNAL cp1: ");
    }

    @Test
    void timeBringsExpiryAndItIsSaidWhileTheApiIsAway() {
        steps.ports().clock().sleep(Duration.ofDays(260));
        for (String node : List.of("cp1", "cp2", "cp3")) {
            steps.commands().host(node).remove("/etc/kubernetes/manifests/kube-apiserver.yaml");
        }
        steps.ports().clock().sleep(Duration.ofMinutes(1));

        InspectCertificates.Output output = inspect();

        assertThat(output.daysLeft()).isNegative();
        assertThat(output.findings())
                .anyMatch(found -> found.startsWith("STOP CERTIFICATE_EXPIRED cp2: /etc/kubernetes/admin.conf"))
                .anyMatch(found -> found.startsWith("NOTE CSR_UNKNOWN "));
    }

    private InspectCertificates.Output inspect() {
        Done<InspectCertificates.Output> done = steps.run("certs.inspect", Map.of());
        return done.output();
    }

    private Authority authority(String name) {
        Instant now = steps.cluster().now();
        return new Authority(name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1000)));
    }

    private Leaf leaf(Authority by, Wanted wanted) {
        Instant now = steps.cluster().now();
        return by.issue(wanted, now, now.plus(Duration.ofDays(300)));
    }

    private String text(String node, String path) {
        return new String(steps.commands().host(node).read(path).orElseThrow(), StandardCharsets.UTF_8);
    }

    private void put(String node, String file, String text) {
        String path = file.startsWith("../") ? "/etc/kubernetes/" + file.substring(3) : PKI + file;
        steps.commands().host(node).write(path, text.getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_ONLY);
    }
}
