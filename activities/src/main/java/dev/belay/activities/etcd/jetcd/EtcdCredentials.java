package dev.belay.activities.etcd.jetcd;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;

/** A client certificate of one node's etcd with its key and authority, as PEM. Held in memory only, and never printed. */
public record EtcdCredentials(String authority, String certificate, String key) {

    private static final String PKI = "/etc/kubernetes/pki/etcd/";

    /** kubeadm's own health-check client, read as root from the node itself. */
    public static EtcdCredentials of(Host host) {
        return new EtcdCredentials(
                read(host, PKI + "ca.crt"),
                read(host, PKI + "healthcheck-client.crt"),
                read(host, PKI + "healthcheck-client.key"));
    }

    private static String read(Host host, String path) {
        byte[] content = host.read(path)
                .orElseThrow(
                        () -> StepFailure.of(
                                FailureKind.PERMANENT,
                                "ETCD_CERTIFICATES",
                                "there is no " + path + " on " + host.node(),
                                "Belay asks stacked etcd as kubeadm set it up: make the file again with kubeadm init phase certs"));
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "EtcdCredentials[***]";
    }
}
