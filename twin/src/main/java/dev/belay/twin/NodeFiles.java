package dev.belay.twin;

import dev.belay.activities.host.FileAttributes;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.twin.machine.EtcdService;
import dev.belay.twin.machine.Files;
import dev.belay.twin.machine.Kubelet;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.pki.ClusterPki;
import dev.belay.twin.release.Releases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The files and packages that kubeadm and an administrator have left on a node. */
final class NodeFiles {

    private static final Duration RENEWED_BEFORE = Duration.ofDays(120);
    private static final String ETCD_PKI = "/etc/etcd/pki/";
    private static final String CURRENT = "/var/lib/kubelet/pki/kubelet-client-current.pem";

    private final ClusterShape shape;
    private final ClusterPki pki;
    private final Instant renewed;

    NodeFiles(ClusterShape shape, ClusterPki pki) {
        this.shape = shape;
        this.pki = pki;
        this.renewed = shape.start().minus(RENEWED_BEFORE);
    }

    void lay(Machine machine) {
        packages(machine);
        kubelet(machine);
        if (machine.isControlPlane()) {
            controlPlane(machine);
        }
    }

    private void packages(Machine machine) {
        Cluster.Packages site = shape.inventory().packages();
        String repository = site.repositoryOf(shape.version().minorText()).toString();
        String source = site.sourceFile().endsWith(".sources")
                ? "Types: deb\nURIs: " + repository + "\nSuites: /\nSigned-By: " + site.keyring() + "\n"
                : "deb [signed-by=" + site.keyring() + "] " + repository + " /\n";
        machine.files().write(site.sourceFile(), source, FileAttributes.ROOT_READABLE);
        machine.files().write(site.keyring(), "keyring\n", FileAttributes.ROOT_READABLE);
        machine.preinstall(
                List.of("kubeadm", "kubelet", "kubectl"), shape.version().bare() + "-" + site.revision());
    }

    private void kubelet(Machine machine) {
        Files files = machine.files();
        String node = machine.name().value();
        String pem = "/var/lib/kubelet/pki/kubelet-client-2026-07-05-08-00-00.pem";
        files.writeLater("/etc/kubernetes/kubelet.conf", () -> pki.kubeletConf(node), FileAttributes.ROOT_ONLY);
        files.write("/etc/kubernetes/pki/ca.crt", pki.caPem(), FileAttributes.ROOT_READABLE);
        files.writeLater(pem, () -> pki.kubeletClient(node, renewed), FileAttributes.ROOT_ONLY);
        files.link(CURRENT, pem);
        files.writeLater(
                "/var/lib/kubelet/pki/kubelet.crt",
                () -> pki.kubeletServing(node, renewed),
                FileAttributes.ROOT_READABLE);
        files.write(Kubelet.CONFIG, kubeletConfig(), FileAttributes.ROOT_READABLE);
        files.write(Kubelet.FLAGS, kubeletFlags(), FileAttributes.ROOT_READABLE);
        files.write(
                Kubelet.EXTRA_FLAGS,
                "KUBELET_EXTRA_ARGS=" + shape.customs().kubeletExtraArgs() + "\n",
                FileAttributes.ROOT_READABLE);
        files.write(
                "/etc/cni/net.d/10-bridge.conflist",
                "{\"cniVersion\": \"1.0.0\", \"name\": \"twin\"}\n",
                FileAttributes.ROOT_READABLE);
        if (shape.version().minor() >= 34) {
            files.write(
                    "/var/lib/kubelet/instance-config.yaml",
                    "apiVersion: kubelet.config.k8s.io/v1beta1\ncontainerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock\n"
                            + "kind: KubeletConfiguration\n",
                    FileAttributes.ROOT_READABLE);
        }
    }

    private void controlPlane(Machine machine) {
        ClusterPki.Node node = new ClusterPki.Node(machine.name().value(), machine.address());
        boolean external = shape.inventory().hasExternalEtcd();
        pki.shared().forEach((path, text) -> {
            if (!external || !path.endsWith("etcd/ca.key")) {
                write(machine, path, text);
            }
        });
        for (String component : Releases.components(external)) {
            pki.of(component, node, renewed).forEach((path, text) -> write(machine, path, text));
        }
        boolean split = shape.version().minor() >= 29;
        String group = split ? "kubeadm:cluster-admins" : "system:masters";
        String admin = pki.kubeconfig("kubernetes-admin", "O=" + group + ",CN=kubernetes-admin", renewed);
        write(machine, "/etc/kubernetes/admin.conf", admin);
        if (split && isFirst(machine.name())) {
            String superAdmin =
                    pki.kubeconfig("kubernetes-super-admin", "O=system:masters,CN=kubernetes-super-admin", renewed);
            write(machine, "/etc/kubernetes/super-admin.conf", superAdmin);
        }
        if (!external) {
            machine.files().addFolder("/var/lib/etcd");
        }
    }

    /** What an administrator has laid on a host of external etcd. */
    void etcd(Machine machine, String peers) {
        ClusterPki.Node node = new ClusterPki.Node(machine.name().value(), machine.address());
        write(machine, ETCD_PKI + "ca.crt", pki.shared().getOrDefault("/etc/kubernetes/pki/etcd/ca.crt", ""));
        pki.of(Releases.ETCD, node, renewed).forEach((path, text) -> {
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (!name.startsWith("healthcheck-client")) {
                write(machine, ETCD_PKI + name, text);
            }
        });
        machine.files()
                .write(
                        EtcdService.SETTINGS,
                        EtcdService.settings(machine.name(), machine.address(), peers),
                        FileAttributes.ROOT_READABLE);
        machine.files().addFolder("/var/lib/etcd");
        machine.files().addFolder("/etc/systemd/system");
    }

    private boolean isFirst(NodeName name) {
        return shape.inventory().hosts(NodeRole.CONTROL_PLANE).get(0).node().equals(name);
    }

    private static void write(Machine machine, String path, String text) {
        boolean open = path.endsWith(".crt");
        machine.files().write(path, text, open ? FileAttributes.ROOT_READABLE : FileAttributes.ROOT_ONLY);
    }

    /** As kubeadm of the cluster's minor wrote it when the node joined. */
    private String kubeletFlags() {
        int minor = shape.version().minor();
        String flags = minor < 27 ? "--container-runtime=remote " : "";
        flags += minor < 34 ? "--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock " : "";
        flags += minor < 35 ? "--pod-infra-container-image=" + Releases.pauseImage(shape.version()) : "";
        return "KUBELET_KUBEADM_ARGS=\"" + flags.strip() + "\"\n";
    }

    String kubeletConfig() {
        return """
                apiVersion: kubelet.config.k8s.io/v1beta1
                authentication:
                  anonymous:
                    enabled: false
                  webhook:
                    enabled: true
                  x509:
                    clientCAFile: /etc/kubernetes/pki/ca.crt
                authorization:
                  mode: Webhook
                cgroupDriver: systemd
                clusterDNS:
                - 10.96.0.10
                clusterDomain: cluster.local
                kind: KubeletConfiguration
                rotateCertificates: true
                staticPodPath: /etc/kubernetes/manifests
                """ + shape.customs().kubeletConfig();
    }
}
