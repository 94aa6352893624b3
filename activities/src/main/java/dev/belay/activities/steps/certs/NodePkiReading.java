package dev.belay.activities.steps.certs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.activities.steps.Yaml;
import dev.belay.activities.steps.certs.NodePki.KubeletSettings;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeRole;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the certificates of one node, by the X.509 API, never by the text of openssl. Changes nothing. */
final class NodePkiReading {

    private static final String KUBELET_CONFIG = "/var/lib/kubelet/config.yaml";

    private final HostEntry entry;
    private final Host host;
    private final List<FoundCertificate> found = new ArrayList<>();
    private final Map<String, X509Certificate> files = new TreeMap<>();
    private final Map<String, Boolean> fits = new TreeMap<>();
    private final Map<String, KubeconfigIdentity> kubeconfigs = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private Optional<PublicKey> saKey = Optional.empty();

    private NodePkiReading(HostEntry entry, Host host) {
        this.entry = entry;
        this.host = host;
    }

    static NodePki of(HostEntry entry, Host host) {
        return new NodePkiReading(entry, host).read();
    }

    private NodePki read() {
        TreeSet<String> paths = new TreeSet<>();
        host.list(List.of(PkiFiles.PKI.substring(0, PkiFiles.PKI.length() - 1))).stream()
                .map(FileEntry::path)
                .forEach(paths::add);
        paths.stream().filter(path -> path.endsWith(".crt")).forEach(this::file);
        if (paths.contains(PkiFiles.PKI + PkiFiles.SA_PUB)) {
            saKey();
        }
        fits.keySet()
                .retainAll(paths.stream()
                        .map(path -> path.substring(PkiFiles.PKI.length()))
                        .toList());
        PkiFiles.KUBECONFIGS.forEach(this::kubeconfig);
        optional(PkiFiles.KUBELET_SERVER);
        optional(PkiFiles.KUBELET_OWN);
        if (entry.role() == NodeRole.ETCD) {
            EtcdSettings.ofUnit(host).certificates().forEach(this::optional);
        }
        return new NodePki(
                entry,
                found,
                files,
                fits,
                saKey.map(PrivateKeys::hash),
                kubeconfigs,
                kubelet(),
                apiServer(),
                unreadable);
    }

    private void file(String path) {
        String name = path.substring(PkiFiles.PKI.length());
        byte[] pem = host.read(path).orElse(new byte[0]);
        certificates(path, pem).stream().findFirst().ifPresent(first -> {
            files.put(name, first);
            fit(name, first.getPublicKey());
        });
    }

    private void saKey() {
        saKey = host.read(PkiFiles.PKI + PkiFiles.SA_PUB).flatMap(PrivateKeys::publicKey);
        if (saKey.isEmpty()) {
            unreadable.add(PkiFiles.PKI + PkiFiles.SA_PUB + " holds no public key");
        }
        saKey.ifPresent(key -> fit(PkiFiles.SA_PUB, key));
    }

    private void fit(String open, PublicKey key) {
        String secret = PkiFiles.PKI + PkiFiles.keyOf(open);
        host.read(secret).ifPresent(pem -> PrivateKeys.privateKey(pem)
                .ifPresentOrElse(
                        own -> fits.put(open, PrivateKeys.fit(own, key)),
                        () -> unreadable.add(secret + " holds no private key that can be read")));
    }

    private List<X509Certificate> certificates(String path, byte[] pem) {
        try {
            List<X509Certificate> all = Pem.certificates(pem);
            if (all.isEmpty()) {
                unreadable.add(path + " holds no certificate");
            }
            all.forEach(one -> found.add(FoundCertificate.of(entry.node(), path, one)));
            return all;
        } catch (CertificateException e) {
            unreadable.add(path + " cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private void kubeconfig(String path) {
        Optional<byte[]> content = host.read(path);
        if (content.isEmpty()) {
            return;
        }
        try {
            KubeconfigIdentity identity = KubeconfigIdentity.of(content.get());
            kubeconfigs.put(path, pointed(path, identity));
            identity.client().ifPresent(client -> found.add(FoundCertificate.of(entry.node(), path, client)));
        } catch (KubeconfigIdentity.Unreadable e) {
            unreadable.add(path + " " + e.getMessage());
        }
    }

    /** With the certificate and key of the file that it points to. */
    private KubeconfigIdentity pointed(String path, KubeconfigIdentity identity) {
        String file = identity.clientFile();
        if (file.isEmpty()) {
            return identity;
        }
        Optional<byte[]> pem = host.read(file);
        if (pem.isEmpty()) {
            unreadable.add(path + " points to " + file + ", which is not there");
            return identity;
        }
        Optional<X509Certificate> client =
                certificates(file, pem.get()).stream().findFirst();
        Boolean fits = client.flatMap(certificate ->
                        PrivateKeys.privateKey(pem.get()).map(key -> PrivateKeys.fit(key, certificate.getPublicKey())))
                .orElse(null);
        return new KubeconfigIdentity(identity.server(), identity.authorities(), file, client, fits);
    }

    private void optional(String path) {
        host.read(path).ifPresent(pem -> certificates(path, pem));
    }

    private KubeletSettings kubelet() {
        Optional<byte[]> text = host.read(KUBELET_CONFIG);
        JsonNode tree = MissingNode.getInstance();
        try {
            tree = Yaml.mapper().readTree(new String(text.orElse(new byte[0]), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            unreadable.add(KUBELET_CONFIG + " cannot be read: " + e.getOriginalMessage());
        }
        return new KubeletSettings(
                text.isPresent(),
                tree.path("rotateCertificates").asBoolean(false),
                tree.path("serverTLSBootstrap").asBoolean(false),
                found.stream().anyMatch(one -> one.path().equals(PkiFiles.KUBELET_SERVER)),
                tree.path("clusterDomain").asText("cluster.local"));
    }

    private Optional<StaticPod> apiServer() {
        if (entry.role() != NodeRole.CONTROL_PLANE) {
            return Optional.empty();
        }
        try {
            return StaticPods.of(host).pod("kube-apiserver");
        } catch (StepFailure e) {
            if (!e.failure().code().equals("MANIFEST_UNREADABLE")) {
                throw e;
            }
            unreadable.add(e.failure().why());
            return Optional.empty();
        }
    }
}
