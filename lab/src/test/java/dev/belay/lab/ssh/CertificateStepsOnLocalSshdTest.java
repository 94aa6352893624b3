package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.Done;
import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepBinding;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.StepType;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.steps.certs.CertificateFinding;
import dev.belay.activities.steps.certs.CertificateSurvey;
import dev.belay.activities.steps.certs.IssueCertificates;
import dev.belay.activities.steps.certs.SyncCertificates;
import dev.belay.lab.LoneStep;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepCall.NodeCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The certificate steps over a real sshd and its SFTP server, on a pki that openssl made. Two nodes are two folders of this machine; openssl
 * has the last word on what was issued.
 */
class CertificateStepsOnLocalSshdTest {

    private static final List<String> LEAVES = List.of(
            "etcd/server",
            "etcd/peer",
            "etcd/healthcheck-client",
            "apiserver",
            "apiserver-kubelet-client",
            "apiserver-etcd-client",
            "front-proxy-client");
    private static final String PKI = "etc/kubernetes/pki/";
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, labels: {component: kube-apiserver}}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.k8s.io/kube-apiserver:v1.33.13
                command: [kube-apiserver, --advertise-address=192.0.2.%s, '--service-cluster-ip-range=10.96.0.0/16,fd00::/108']
            """;

    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: nobody
            contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
            clusters: [{name: nobody, cluster: {server: 'https://127.0.0.1:9'}}]
            users: [{name: nobody, user: {}}]
            """;

    @TempDir
    private Path folder;

    private LocalSshd sshd;
    private SshHosts hosts;
    private RealPorts ports;

    @BeforeEach
    void start() throws Exception {
        LocalSshd.assumeRoot();
        sshd = LocalSshd.start(folder);
        hosts = sshd.hosts();
        Files.writeString(sshd.file("kubeconfig"), KUBECONFIG);
        ports = new RealPorts(inventory(), new Secrets(Map.of()));
        for (String node : List.of("cp1", "cp2")) {
            Files.createDirectories(at(node, PKI + "etcd"));
            Files.createDirectories(at(node, "etc/kubernetes/manifests"));
            Files.writeString(
                    at(node, "etc/kubernetes/manifests/kube-apiserver.yaml"), MANIFEST.formatted(node.substring(2)));
        }
        authority("ca", "kubernetes", "rsa:2048");
        authority("front-proxy-ca", "front-proxy-ca", "rsa:2048");
        authority("etcd/ca", "etcd-ca", "ec");
        openssl("genrsa", "-out", pki("cp1", "sa.key"), "2048");
        openssl("rsa", "-in", pki("cp1", "sa.key"), "-pubout", "-out", pki("cp1", "sa.pub"));
        try (Stream<Path> files = Files.walk(at("cp1", PKI))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean secret = file.toString().endsWith(".key");
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--"));
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (ports != null) {
            ports.close();
            hosts.close();
        }
        if (sshd != null) {
            sshd.close();
        }
    }

    @Test
    void whatIsSharedIsCopiedOnceWithItsModesAndNothingElseIs() throws Exception {
        issue("cp1");

        SyncCertificates.Output dry =
                sync(Map.of("from", "cp1", "dryRun", true)).output();
        assertThat(tree("cp2")).isEmpty();
        SyncCertificates.Output first = sync(Map.of("from", "cp1")).output();

        assertThat(first.changes()).hasSize(8).isEqualTo(dry.changes()).allMatch(change -> change.startsWith("cp2 + "));
        assertThat(tree("cp2"))
                .containsExactly(
                        "ca.crt rw-r--r--",
                        "ca.key rw-------",
                        "etcd/ca.crt rw-r--r--",
                        "etcd/ca.key rw-------",
                        "front-proxy-ca.crt rw-r--r--",
                        "front-proxy-ca.key rw-------",
                        "sa.key rw-------",
                        "sa.pub rw-r--r--");
        assertThat(Files.readAllBytes(at("cp2", PKI + "sa.key")))
                .isEqualTo(Files.readAllBytes(at("cp1", PKI + "sa.key")));
        assertThat(sync(Map.of("from", "cp1")).output().changes()).isEmpty();
    }

    @Test
    void onlyWhatChangedIsWrittenAgain() throws Exception {
        sync(Map.of("from", "cp1"));
        Object untouched = Files.getAttribute(at("cp2", PKI + "ca.key"), "unix:ino");
        Files.writeString(at("cp2", PKI + "sa.pub"), "spoilt");
        Files.setPosixFilePermissions(at("cp2", PKI + "etcd/ca.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(sync(Map.of("from", "cp1")).output().changes())
                .containsExactly(
                        "cp2 a /etc/kubernetes/pki/etcd/ca.key 0644 0:0 -> 0600 0:0",
                        "cp2 c /etc/kubernetes/pki/sa.pub");
        assertThat(Files.getAttribute(at("cp2", PKI + "ca.key"), "unix:ino")).isEqualTo(untouched);
    }

    @Test
    void opensslAcceptsWhatWasIssuedForWhatItIsFor() throws Exception {
        sync(Map.of("from", "cp1"));

        assertThat(issue("cp2").output().certificates()).containsExactlyElementsOf(LEAVES);

        verify("ca.crt", "apiserver.crt", "sslserver", "-verify_ip", "192.0.2.2");
        verify("ca.crt", "apiserver.crt", "sslserver", "-verify_ip", "10.96.0.1");
        verify("ca.crt", "apiserver.crt", "sslserver", "-verify_hostname", "kubernetes.default.svc.cluster.local");
        verify("etcd/ca.crt", "etcd/server.crt", "sslserver", "-verify_ip", "::1");
        verify("etcd/ca.crt", "etcd/peer.crt", "sslclient", "-verify_hostname", "cp2");
        verify("etcd/ca.crt", "apiserver-etcd-client.crt", "sslclient");
        verify("front-proxy-ca.crt", "front-proxy-client.crt", "sslclient");
        openssl("pkey", "-in", pki("cp2", "etcd/server.key"), "-noout", "-check");
        assertThat(issue("cp2").output().certificates()).as("all are whole now").isEmpty();
    }

    @Test
    void whatOpensslMadeAndWhatWasIssuedIsReadWithoutAFinding() {
        sync(Map.of("from", "cp1"));
        issue("cp1");
        issue("cp2");

        CertificateSurvey survey = CertificateSurvey.of(context("certs.inspect", null));

        assertThat(survey.unread()).isEmpty();
        assertThat(survey.findings()).extracting(CertificateFinding::toString).isEmpty();
        assertThat(survey.certificates()).hasSize(2 * (3 + 7));
    }

    @Test
    void aCaOfAnotherClusterIsRefusedBeforeAnythingIsWritten() throws Exception {
        sync(Map.of("from", "cp1"));
        issue("cp2");
        authority("ca", "kubernetes", "rsa:2048");
        byte[] before = Files.readAllBytes(at("cp2", PKI + "ca.crt"));

        StepFailure failure = catchThrowableOfType(StepFailure.class, () -> sync(Map.of("from", "cp1")));

        assertThat(failure.failure().code()).isEqualTo("CERTIFICATE_CHAIN");
        assertThat(failure.failure().why()).contains("cp2: /etc/kubernetes/pki/apiserver.crt is not signed by");
        assertThat(Files.readAllBytes(at("cp2", PKI + "ca.crt"))).isEqualTo(before);
    }

    private Done<SyncCertificates.Output> sync(Map<String, Object> with) {
        return run(new SyncCertificates(), null, with);
    }

    private Done<IssueCertificates.Output> issue(String node) {
        return run(new IssueCertificates(), node, Map.of("certificates", LEAVES));
    }

    private <I extends Record, O extends Record> Done<O> run(
            StepType<I, O> type, String node, Map<String, Object> with) {
        return type.run(StepBinding.input(type.input(), with), context(type.name(), node));
    }

    private StepContext context(String uses, String node) {
        KubernetesVersion version = KubernetesVersion.parse("v1.33.13");
        NodeCall call = node == null
                ? null
                : new NodeCall(new NodeName(node), NodeRole.CONTROL_PLANE.text(), version, "", 0, true, true);
        StepCall step = LoneStep.call("local", call, uses);
        return new StepContext(
                step,
                ports.inventory(),
                name -> new HostInFolder(
                        hosts.on(LocalSshd.NODE),
                        name,
                        folder.resolve(name.value()).toString()),
                ports.etcd(),
                ports.kube(),
                ports.evidence(),
                ports.clock(),
                () -> {});
    }

    private Cluster inventory() {
        Cluster one = sshd.inventory();
        return new Cluster(
                one.name(),
                one.site(),
                one.kubeconfig(),
                one.ssh(),
                Stream.of("cp1", "cp2")
                        .map(node -> new HostEntry(
                                new NodeName(node), NodeRole.CONTROL_PLANE, "127.0.0.1", sshd.port(), "", null))
                        .toList(),
                one.packages(),
                one.backups(),
                List.of(),
                List.of());
    }

    private void authority(String file, String name, String kind) throws Exception {
        List<String> key = kind.equals("ec")
                ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
                : List.of("-newkey", kind);
        openssl(Stream.concat(
                        Stream.of("req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=" + name),
                        Stream.concat(
                                key.stream(),
                                Stream.of(
                                        "-addext",
                                        "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign",
                                        "-keyout",
                                        pki("cp1", file + ".key"),
                                        "-out",
                                        pki("cp1", file + ".crt"))))
                .toArray(String[]::new));
    }

    private void verify(String ca, String leaf, String purpose, String... more) throws Exception {
        openssl(Stream.concat(
                        Stream.of("verify", "-x509_strict", "-CAfile", pki("cp2", ca), "-purpose", purpose),
                        Stream.concat(Stream.of(more), Stream.of(pki("cp2", leaf))))
                .toArray(String[]::new));
    }

    private static void openssl(String... arguments) throws Exception {
        LocalSshd.run(Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toList());
    }

    private List<String> tree(String node) throws IOException {
        Path root = at(node, PKI);
        try (Stream<Path> files = Files.walk(root)) {
            List<String> lines = new java.util.ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                lines.add(root.relativize(file) + " "
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            return lines;
        }
    }

    private String pki(String node, String file) {
        return at(node, PKI + file).toString();
    }

    private Path at(String node, String path) {
        return folder.resolve(node).resolve(path);
    }
}
