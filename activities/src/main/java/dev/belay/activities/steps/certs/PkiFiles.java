package dev.belay.activities.steps.certs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Where kubeadm keeps certificates, who signs which, and which files all control planes share: those of its own {@code upload-certs}. */
final class PkiFiles {

    static final String PKI = "/etc/kubernetes/pki/";
    static final String CA = "ca.crt";
    static final String ETCD_CA = "etcd/ca.crt";
    static final String FRONT_PROXY_CA = "front-proxy-ca.crt";
    static final String SA_KEY = "sa.key";
    static final String SA_PUB = "sa.pub";
    static final String ADMIN = "/etc/kubernetes/admin.conf";
    static final String KUBELET_CONF = "/etc/kubernetes/kubelet.conf";
    static final String KUBELET_CLIENT = "/var/lib/kubelet/pki/kubelet-client-current.pem";
    static final String KUBELET_SERVER = "/var/lib/kubelet/pki/kubelet-server-current.pem";
    static final String KUBELET_OWN = "/var/lib/kubelet/pki/kubelet.crt";

    static final List<String> CAS = List.of(CA, ETCD_CA, FRONT_PROXY_CA);

    /** Pairs, certificate or public key first. */
    static final Map<String, String> SHARED = new TreeMap<>(
            Map.of(CA, "ca.key", ETCD_CA, "etcd/ca.key", FRONT_PROXY_CA, "front-proxy-ca.key", SA_PUB, SA_KEY));

    /** What {@code kubeadm certs renew all} writes under {@code pki}, by the authority that signs it. */
    static final Map<String, String> LEAVES = new TreeMap<>(Map.of(
            "apiserver.crt", CA,
            "apiserver-kubelet-client.crt", CA,
            "apiserver-etcd-client.crt", ETCD_CA,
            "etcd/server.crt", ETCD_CA,
            "etcd/peer.crt", ETCD_CA,
            "etcd/healthcheck-client.crt", ETCD_CA,
            "front-proxy-client.crt", FRONT_PROXY_CA));

    static final List<String> KUBECONFIGS = List.of(
            ADMIN,
            "/etc/kubernetes/super-admin.conf",
            "/etc/kubernetes/controller-manager.conf",
            "/etc/kubernetes/scheduler.conf",
            KUBELET_CONF);

    /** What a server's certificate is presented for. */
    static final Set<String> SERVERS = Set.of("apiserver.crt", "etcd/server.crt", "etcd/peer.crt");

    private PkiFiles() {}

    /** The CA of a file under {@code pki}; empty for a CA. */
    static Optional<String> authorityOf(String file) {
        if (file.endsWith("ca.crt")) {
            return Optional.empty();
        }
        if (file.startsWith("etcd/") || file.startsWith("apiserver-etcd-client")) {
            return Optional.of(ETCD_CA);
        }
        return Optional.of(file.startsWith("front-proxy-") ? FRONT_PROXY_CA : CA);
    }

    static String keyOf(String certificate) {
        return certificate.replaceFirst("\\.(crt|pub)$", ".key");
    }
}
