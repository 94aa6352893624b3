package dev.belay.twin.pki;

import dev.belay.twin.pki.Authority.Leaf;
import dev.belay.twin.pki.Authority.Wanted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The authorities of one cluster and every certificate kubeadm keeps on a node. */
public final class ClusterPki {

    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final String PKI = "/etc/kubernetes/pki/";

    private final Authority ca;
    private final Authority etcdCa;
    private final Authority frontProxyCa;
    private final String cluster;
    private final String endpoint;

    public ClusterPki(String cluster, String endpoint, Instant born) {
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.ca = new Authority("kubernetes", born, born.plus(CA_LIFE));
        this.etcdCa = new Authority("etcd-ca", born, born.plus(CA_LIFE));
        this.frontProxyCa = new Authority("front-proxy-ca", born, born.plus(CA_LIFE));
    }

    /** Files that are the same on every control plane. */
    public Map<String, String> shared() {
        return new TreeMap<>(Map.of(
                PKI + "ca.crt", ca.certificatePem(),
                PKI + "ca.key", ca.keyPem(),
                PKI + "etcd/ca.crt", etcdCa.certificatePem(),
                PKI + "etcd/ca.key", etcdCa.keyPem(),
                PKI + "front-proxy-ca.crt", frontProxyCa.certificatePem(),
                PKI + "front-proxy-ca.key", frontProxyCa.keyPem(),
                PKI + "sa.key", Authority.leafKeyPem(),
                PKI + "sa.pub", Authority.leafPublicKeyPem()));
    }

    public String caPem() {
        return ca.certificatePem();
    }

    /** The certificates and kubeconfigs that kubeadm renews before it restarts this component. */
    public Map<String, String> of(String component, Node node, Instant now) {
        return switch (component) {
            case "etcd" -> etcd(node, now);
            case "kube-apiserver" -> apiServer(node, now);
            case "kube-controller-manager" ->
                Map.of(
                        "/etc/kubernetes/controller-manager.conf",
                        kubeconfig("system:kube-controller-manager", "CN=system:kube-controller-manager", now));
            case "kube-scheduler" ->
                Map.of(
                        "/etc/kubernetes/scheduler.conf",
                        kubeconfig("system:kube-scheduler", "CN=system:kube-scheduler", now));
            default -> throw new IllegalArgumentException(component + " has no certificates");
        };
    }

    /** A kubeconfig with an embedded client certificate. */
    public String kubeconfig(String user, String subject, Instant now) {
        Leaf leaf = ca.issue(Wanted.client(subject), now, now.plus(LEAF_LIFE));
        return kubeconfigText(
                user,
                "    client-certificate-data: " + base64(leaf.certificate()) + "\n    client-key-data: "
                        + base64(leaf.key()) + "\n");
    }

    /** The kubelet's, which points to the file that it rotates itself. */
    public String kubeletConf(String node) {
        String pem = "/var/lib/kubelet/pki/kubelet-client-current.pem";
        return kubeconfigText(
                "system:node:" + node, "    client-certificate: " + pem + "\n    client-key: " + pem + "\n");
    }

    /** The kubelet's rotated client certificate with its key. */
    public String kubeletClient(String node, Instant now) {
        Leaf leaf = ca.issue(Wanted.client("O=system:nodes,CN=system:node:" + node), now, now.plus(LEAF_LIFE));
        return leaf.certificate() + leaf.key();
    }

    /** The serving certificate that a kubelet makes for itself, with the CA that it made for it alone. */
    public String kubeletServing(String node, Instant now) {
        Authority own = new Authority(node + "-ca@1", now, now.plus(LEAF_LIFE));
        Leaf leaf = own.issue(Wanted.server("CN=" + node + "@1", List.of(node), List.of()), now, now.plus(LEAF_LIFE));
        return leaf.certificate() + own.certificatePem();
    }

    /** An API server's client certificate whose time has passed. */
    public Leaf expiredKubeletClient(Instant now) {
        Instant ended = now.minus(Duration.ofDays(2));
        return ca.issue(Wanted.client("CN=kube-apiserver-kubelet-client"), ended.minus(LEAF_LIFE), ended);
    }

    /** An API server's client certificate for kubelets, fresh. */
    public Leaf kubeletClient(Instant now) {
        return ca.issue(Wanted.client("CN=kube-apiserver-kubelet-client"), now, now.plus(LEAF_LIFE));
    }

    private Map<String, String> etcd(Node node, Instant now) {
        List<String> hosts = List.of("localhost", node.name());
        List<String> addresses = List.of("127.0.0.1", "::1", node.address());
        Map<String, String> files = new TreeMap<>();
        put(files, "etcd/server", etcdCa, Wanted.both("CN=" + node.name(), hosts, addresses), now);
        put(files, "etcd/peer", etcdCa, Wanted.both("CN=" + node.name(), hosts, addresses), now);
        put(files, "etcd/healthcheck-client", etcdCa, Wanted.client("CN=kube-etcd-healthcheck-client"), now);
        return files;
    }

    private Map<String, String> apiServer(Node node, Instant now) {
        List<String> hosts = List.of(
                node.name(),
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local");
        Map<String, String> files = new TreeMap<>();
        Wanted server = Wanted.server("CN=kube-apiserver", hosts, List.of("10.96.0.1", node.address(), endpoint));
        put(files, "apiserver", ca, server, now);
        put(files, "apiserver-kubelet-client", ca, Wanted.client("CN=kube-apiserver-kubelet-client"), now);
        put(files, "apiserver-etcd-client", etcdCa, Wanted.client("CN=kube-apiserver-etcd-client"), now);
        put(files, "front-proxy-client", frontProxyCa, Wanted.client("CN=front-proxy-client"), now);
        return files;
    }

    private static void put(Map<String, String> files, String name, Authority by, Wanted wanted, Instant now) {
        Leaf leaf = by.issue(wanted, now, now.plus(LEAF_LIFE));
        files.put(PKI + name + ".crt", leaf.certificate());
        files.put(PKI + name + ".key", leaf.key());
    }

    private String kubeconfigText(String user, String credentials) {
        return "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: " + base64(ca.certificatePem())
                + "\n    server: https://" + endpoint + ":6443\n  name: " + cluster
                + "\ncontexts:\n- context:\n    cluster: " + cluster + "\n    user: " + user + "\n  name: " + user + "@"
                + cluster + "\ncurrent-context: " + user + "@" + cluster + "\nkind: Config\npreferences: {}\nusers:\n"
                + "- name: " + user + "\n  user:\n" + credentials;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whom a certificate is for. */
    public record Node(String name, String address) {}
}
