package dev.belay.twin.kubeadm;

import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.steps.Pem;
import dev.belay.twin.machine.Files;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.pki.Authority;
import dev.belay.twin.pki.Authority.Leaf;
import dev.belay.twin.pki.Authority.Wanted;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code kubeadm certs renew all}: each certificate of its list anew, for whom and what the old one was, by the CA that lies on this node. A
 * CA without its key is external. Nothing is restarted.
 */
final class CertificateRenewal {

    private static final String PKI = "/etc/kubernetes/pki/";
    private static final String CONF = "/etc/kubernetes/";
    private static final Duration LIFE = Duration.ofDays(365);
    private static final Duration TAKES = Duration.ofSeconds(3);
    private static final Pattern EMBEDDED = Pattern.compile("client-certificate-data: (\\S+)");

    /** What kubeadm calls them, in its order, and the CA of each. */
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(
                CONF + "admin.conf",
                "certificate embedded in the kubeconfig file for the admin to use and for kubeadm itself");
        NAMES.put(PKI + "apiserver.crt", "certificate for serving the Kubernetes API");
        NAMES.put(PKI + "apiserver-etcd-client.crt", "certificate the apiserver uses to access etcd");
        NAMES.put(PKI + "apiserver-kubelet-client.crt", "certificate for the API server to connect to kubelet");
        NAMES.put(
                CONF + "controller-manager.conf",
                "certificate embedded in the kubeconfig file for the controller manager to use");
        NAMES.put(PKI + "etcd/healthcheck-client.crt", "certificate for liveness probes to healthcheck etcd");
        NAMES.put(PKI + "etcd/peer.crt", "certificate for etcd nodes to communicate with each other");
        NAMES.put(PKI + "etcd/server.crt", "certificate for serving etcd");
        NAMES.put(PKI + "front-proxy-client.crt", "certificate for the front proxy client");
        NAMES.put(
                CONF + "scheduler.conf",
                "certificate embedded in the kubeconfig file for the scheduler manager to use");
        NAMES.put(CONF + "super-admin.conf", "certificate embedded in the kubeconfig file for the super-admin");
    }

    private final Machine machine;
    private final Site site;

    CertificateRenewal(Machine machine, Site site) {
        this.machine = machine;
        this.site = site;
    }

    List<Consumer<HostProcess>> stages() {
        List<Consumer<HostProcess>> stages = new ArrayList<>();
        stages.add(
                process -> process.say(
                        site.api().servers().available()
                                ? "[renew] Reading configuration from the \"kubeadm-config\" ConfigMap in namespace \"kube-system\"..."
                                : "[renew] Error reading configuration from the Cluster. Falling back to default configuration"));
        stages.add(process -> process.pause(TAKES));
        boolean external = site.configuration().hasExternalEtcd();
        NAMES.forEach((path, name) -> {
            if (!external || !path.contains("etcd")) {
                stages.add(process -> renew(path, name, process));
            }
        });
        stages.add(process -> process.say(
                "\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and"
                        + " etcd, so that they can use the new certificates."));
        return stages;
    }

    private void renew(String path, String name, HostProcess process) {
        Files files = machine.files();
        Optional<byte[]> old = files.read(path);
        String ca = PKI + authority(path);
        if (old.isEmpty()) {
            process.say("MISSING! " + name);
        } else if (files.read(ca + ".key").isEmpty()) {
            process.say("Detected external " + authority(path) + ", " + name + " can't be renewed");
        } else {
            Authority by = Authority.of(
                    files.read(ca + ".crt").orElseThrow(),
                    files.read(ca + ".key").orElseThrow());
            write(path, new String(old.get(), StandardCharsets.UTF_8), by, process);
            process.say(name + " renewed");
        }
    }

    private void write(String path, String old, Authority by, HostProcess process) {
        if (path.endsWith(".crt")) {
            Leaf leaf = by.issue(
                    Wanted.as(certificate(old)), process.now(), process.now().plus(LIFE));
            machine.files().write(path, leaf.certificate(), FileAttributes.ROOT_READABLE);
            machine.files().write(path.replaceFirst("crt$", "key"), leaf.key(), FileAttributes.ROOT_ONLY);
            return;
        }
        Matcher embedded = EMBEDDED.matcher(old);
        if (!embedded.find()) {
            throw new IllegalStateException(path + " holds no certificate");
        }
        String pem = new String(Base64.getDecoder().decode(embedded.group(1)), StandardCharsets.UTF_8);
        Leaf leaf = by.issue(
                Wanted.as(certificate(pem)), process.now(), process.now().plus(LIFE));
        String text = old.replaceFirst(
                        "client-certificate-data: \\S+", "client-certificate-data: " + base64(leaf.certificate()))
                .replaceFirst("client-key-data: \\S+", "client-key-data: " + base64(leaf.key()));
        machine.files().write(path, text, FileAttributes.ROOT_ONLY);
    }

    private static String authority(String path) {
        if (path.contains("etcd")) {
            return "etcd/ca";
        }
        return path.contains("front-proxy") ? "front-proxy-ca" : "ca";
    }

    private static X509Certificate certificate(String pem) {
        try {
            return Pem.certificates(pem.getBytes(StandardCharsets.UTF_8)).get(0);
        } catch (CertificateException broken) {
            throw new IllegalStateException("the old certificate cannot be read", broken);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
