package dev.belay.activities.steps.certs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What a certificate of a control plane is for, when there is no old one to tell: as kubeadm makes it.
 *
 * @param path of the certificate, or of the kubeconfig that holds it
 * @param authority the CA's file under {@code pki}
 */
record LeafProfile(String name, String path, String authority, String subject, boolean server, boolean client) {

    private static final String ADMINS = "O=kubeadm:cluster-admins,";
    private static final Map<String, LeafProfile> ALL = new LinkedHashMap<>();

    static {
        add("etcd/server", PkiFiles.ETCD_CA, "CN={node}", true, true);
        add("etcd/peer", PkiFiles.ETCD_CA, "CN={node}", true, true);
        add("etcd/healthcheck-client", PkiFiles.ETCD_CA, "CN=kube-etcd-healthcheck-client", false, true);
        add("apiserver", PkiFiles.CA, "CN=kube-apiserver", true, false);
        add("apiserver-kubelet-client", PkiFiles.CA, ADMINS + "CN=kube-apiserver-kubelet-client", false, true);
        add("apiserver-etcd-client", PkiFiles.ETCD_CA, "CN=kube-apiserver-etcd-client", false, true);
        add("front-proxy-client", PkiFiles.FRONT_PROXY_CA, "CN=front-proxy-client", false, true);
        add("admin.conf", PkiFiles.CA, ADMINS + "CN=kubernetes-admin", false, true);
        add("controller-manager.conf", PkiFiles.CA, "CN=system:kube-controller-manager", false, true);
        add("scheduler.conf", PkiFiles.CA, "CN=system:kube-scheduler", false, true);
    }

    static List<LeafProfile> all() {
        return List.copyOf(ALL.values());
    }

    boolean kubeconfig() {
        return path.endsWith(".conf");
    }

    String keyPath() {
        return kubeconfig() ? path : PkiFiles.keyOf(path);
    }

    X500Name subject(String node) {
        return new X500Name(subject.replace("{node}", node));
    }

    List<KeyPurposeId> purposes() {
        List<KeyPurposeId> purposes = new ArrayList<>();
        if (server) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        if (client) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        return purposes;
    }

    private static void add(String name, String authority, String subject, boolean server, boolean client) {
        String path = name.endsWith(".conf") ? "/etc/kubernetes/" + name : PkiFiles.PKI + name + ".crt";
        ALL.put(name, new LeafProfile(name, path, authority, subject, server, client));
    }
}
