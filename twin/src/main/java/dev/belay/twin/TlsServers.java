package dev.belay.twin;

import dev.belay.activities.steps.Pem;
import dev.belay.twin.machine.Machine;
import dev.belay.twin.release.Releases;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What listens with TLS on the nodes. API server, etcd and kubelet read their certificate's file anew when it has changed. */
record TlsServers(World world) {

    private static final String PKI = "/etc/kubernetes/pki/";
    private static final String LOOPBACK = "127.0.0.1";

    /** The certificates of whoever listens there; empty when nobody does. */
    Optional<List<X509Certificate>> presented(Machine from, String address, int port) {
        return at(from, address).filter(Machine::isPowered).flatMap(machine -> switch (port) {
            case 6443 -> of(machine, Releases.API_SERVER, PKI + "apiserver.crt");
            case 2379 -> of(machine, Releases.ETCD, PKI + "etcd/server.crt");
            case 2380 ->
                address.equals(LOOPBACK) ? Optional.empty() : of(machine, Releases.ETCD, PKI + "etcd/peer.crt");
            case 10250 ->
                machine.kubelet().isActive() ? file(machine, "/var/lib/kubelet/pki/kubelet.crt") : Optional.empty();
            default -> Optional.empty();
        });
    }

    private Optional<Machine> at(Machine from, String address) {
        if (address.equals(LOOPBACK)) {
            return Optional.of(from);
        }
        return world.machines().values().stream()
                .filter(machine -> machine.address().equals(address))
                .findFirst();
    }

    private static Optional<List<X509Certificate>> of(Machine machine, String component, String path) {
        return machine.staticPods().isRunning(component) ? file(machine, path) : Optional.empty();
    }

    private static Optional<List<X509Certificate>> file(Machine machine, String path) {
        return machine.files().read(path).map(pem -> {
            try {
                return Pem.certificates(pem);
            } catch (CertificateException broken) {
                throw new IllegalStateException(path + " of " + machine.name(), broken);
            }
        });
    }
}
