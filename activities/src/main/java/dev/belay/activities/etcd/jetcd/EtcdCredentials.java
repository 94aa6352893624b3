package dev.belay.activities.etcd.jetcd;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A client certificate of etcd with its key and authority, as PEM. Held in memory only, and never printed. */
public record EtcdCredentials(String authority, String certificate, String key) {

    private static final String API_SERVER = "kube-apiserver";
    private static final String PKI = "/etc/kubernetes/pki/etcd/";

    /** kubeadm's own health-check client, read as root from the node itself. */
    public static EtcdCredentials of(Host host) {
        return new EtcdCredentials(
                read(host, PKI + "ca.crt"),
                read(host, PKI + "healthcheck-client.crt"),
                read(host, PKI + "healthcheck-client.key"));
    }

    /**
     * What the API servers ask an external etcd with, read from the first control plane that answers, where its manifest says, also while that
     * is off the kubelet's folder.
     */
    public static EtcdCredentials ofApiServer(Hosts hosts, Cluster inventory) {
        StepFailure last = null;
        for (HostEntry entry : inventory.hosts(NodeRole.CONTROL_PLANE)) {
            try {
                return ofApiServer(hosts.on(entry.node()));
            } catch (StepFailure e) {
                last = e;
            }
        }
        throw Objects.requireNonNull(last, "a cluster has a control plane");
    }

    private static EtcdCredentials ofApiServer(Host host) {
        StaticPod server = StaticPodShelf.wherever(host, API_SERVER)
                .orElseThrow(
                        () -> missing(host, "manifest of " + API_SERVER + " in or beside " + StaticPods.DIRECTORY));
        return new EtcdCredentials(
                read(host, flag(host, server, "--etcd-cafile")),
                read(host, flag(host, server, "--etcd-certfile")),
                read(host, flag(host, server, "--etcd-keyfile")));
    }

    private static String flag(Host host, StaticPod server, String name) {
        return server.flag(name).orElseThrow(() -> missing(host, name + " in " + server.file()));
    }

    private static StepFailure missing(Host host, String what) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "ETCD_CERTIFICATES",
                "there is no " + what + " on " + host.node(),
                "Belay asks an external etcd with the certificate of the API servers, over TLS");
    }

    private static String read(Host host, String path) {
        byte[] content = host.read(path)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "ETCD_CERTIFICATES",
                        "there is no " + path + " on " + host.node(),
                        path.startsWith(PKI)
                                ? "Belay asks stacked etcd as kubeadm set it up: make the file again with kubeadm init phase certs"
                                : "put back the file that the manifest of " + API_SERVER + " names"));
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "EtcdCredentials[***]";
    }
}
