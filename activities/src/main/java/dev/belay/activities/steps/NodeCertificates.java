package dev.belay.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one node: files under {@code /etc/kubernetes/pki}, and those that its kubeconfigs hold or point to. By the X.509 API,
 * never by the text of openssl.
 *
 * @param prints sha256 of the first certificate of each file under {@code pki}, by path relative to it
 * @param unreadable what could not be read, one phrase each
 * @param unchained what its own CA did not sign, one phrase each
 */
public record NodeCertificates(
        List<Certificate> certificates, Map<String, String> prints, List<String> unreadable, List<String> unchained) {

    private static final String PKI = "/etc/kubernetes/pki";
    private static final List<String> KUBECONFIGS = List.of(
            "/etc/kubernetes/admin.conf",
            "/etc/kubernetes/super-admin.conf",
            "/etc/kubernetes/controller-manager.conf",
            "/etc/kubernetes/scheduler.conf",
            "/etc/kubernetes/kubelet.conf");

    /** One certificate: where it was found, when it is valid, and whether it is a CA's. */
    public record Certificate(String where, Instant begin, Instant end, boolean authority) {}

    public static NodeCertificates of(Host host) {
        NodeCertificates seen =
                new NodeCertificates(new ArrayList<>(), new TreeMap<>(), new ArrayList<>(), new ArrayList<>());
        Map<String, X509Certificate> files = new TreeMap<>();
        for (FileEntry entry : host.list(List.of(PKI))) {
            if (entry.path().endsWith(".crt")) {
                host.read(entry.path()).ifPresent(pem -> seen.file(entry.path(), pem, files));
            }
        }
        files.forEach((path, certificate) -> {
            if (!path.equals(authorityOf(path))) {
                seen.chain(PKI + "/" + path, certificate, files.get(authorityOf(path)));
            }
        });
        for (String path : KUBECONFIGS) {
            host.read(path).ifPresent(content -> seen.kubeconfig(host, path, content, files.get("ca.crt")));
        }
        return seen;
    }

    public Optional<Instant> firstEnd() {
        return certificates.stream().map(Certificate::end).min(Instant::compareTo);
    }

    /** Fingerprint of a file under {@code pki}. */
    public Optional<String> file(String path) {
        return Optional.ofNullable(prints.get(path));
    }

    /** Only control planes have an API server's certificate. */
    public boolean controlPlane() {
        return prints.containsKey("apiserver.crt");
    }

    private void file(String path, byte[] pem, Map<String, X509Certificate> files) {
        List<X509Certificate> found = read(path, pem);
        if (!found.isEmpty()) {
            String name = path.substring(PKI.length() + 1);
            files.put(name, found.get(0));
            prints.put(name, Pem.fingerprints(pem).iterator().next());
        }
    }

    private List<X509Certificate> read(String where, byte[] pem) {
        try {
            List<X509Certificate> found = Pem.certificates(pem);
            if (found.isEmpty()) {
                unreadable.add(where + " holds no certificate");
            }
            found.forEach(one -> certificates.add(new Certificate(
                    where,
                    one.getNotBefore().toInstant(),
                    one.getNotAfter().toInstant(),
                    one.getBasicConstraints() >= 0)));
            return found;
        } catch (CertificateException e) {
            unreadable.add(where + " cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private void kubeconfig(Host host, String path, byte[] content, @Nullable X509Certificate ca) {
        JsonNode user;
        try {
            JsonNode tree = Yaml.mapper().readTree(new String(content, StandardCharsets.UTF_8));
            user = tree.path("users").path(0).path("user");
        } catch (JsonProcessingException e) {
            unreadable.add(path + " cannot be read as a kubeconfig");
            return;
        }
        String data = user.path("client-certificate-data").asText("");
        String file = user.path("client-certificate").asText("");
        if (!data.isEmpty()) {
            client(path, decoded(path, data), ca);
        } else if (!file.isEmpty()) {
            Optional<byte[]> pem = host.read(file);
            if (pem.isEmpty()) {
                unreadable.add(path + " points to " + file + ", which is not there");
            }
            pem.ifPresent(bytes -> client(file, bytes, ca));
        }
    }

    private byte[] decoded(String path, String data) {
        try {
            return Base64.getMimeDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            unreadable.add(path + " holds a client certificate that is not base64");
            return new byte[0];
        }
    }

    private void client(String where, byte[] pem, @Nullable X509Certificate ca) {
        List<X509Certificate> found = read(where, pem);
        if (!found.isEmpty()) {
            chain(where, found.get(0), ca);
        }
    }

    private void chain(String where, X509Certificate certificate, @Nullable X509Certificate authority) {
        if (authority == null) {
            return;
        }
        try {
            certificate.verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            unchained.add(where + " is not signed by its own CA ("
                    + authority.getSubjectX500Principal().getName() + ")");
        }
    }

    private static String authorityOf(String path) {
        if (path.endsWith("ca.crt")) {
            return path;
        }
        if (path.startsWith("etcd/") || path.startsWith("apiserver-etcd-client")) {
            return "etcd/ca.crt";
        }
        return path.startsWith("front-proxy-") ? "front-proxy-ca.crt" : "ca.crt";
    }
}
