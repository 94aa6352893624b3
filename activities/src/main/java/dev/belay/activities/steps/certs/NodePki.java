package dev.belay.activities.steps.certs;

import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read of one node. Private keys are not kept: only whether each fits its certificate.
 *
 * @param found every certificate, files first
 * @param files first certificate of each file under {@code pki}, by path relative to it
 * @param fits whether the private key beside each certificate or public key is its own, by the path of the open one; absent without a key
 * @param saKey sha256 of the public key in {@code sa.pub}
 * @param kubeconfigs by path
 * @param kubelet its settings
 * @param apiServer its static pod
 * @param unreadable what could not be read, one phrase each
 */
record NodePki(
        HostEntry entry,
        List<FoundCertificate> found,
        Map<String, X509Certificate> files,
        Map<String, Boolean> fits,
        Optional<String> saKey,
        Map<String, KubeconfigIdentity> kubeconfigs,
        KubeletSettings kubelet,
        Optional<StaticPod> apiServer,
        List<String> unreadable) {

    /** How a kubelet is told to keep its certificates. */
    record KubeletSettings(
            boolean known, boolean rotates, boolean bootstrapsServing, boolean hasServing, String clusterDomain) {}

    NodeName node() {
        return entry.node();
    }

    boolean controlPlane() {
        return entry.role() == NodeRole.CONTROL_PLANE;
    }

    Optional<X509Certificate> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** The public key that all control planes must share, by the file that shows it. */
    Optional<String> sharedKey(String path) {
        return path.equals(PkiFiles.SA_PUB)
                ? saKey
                : file(path).map(certificate -> PrivateKeys.hash(certificate.getPublicKey()));
    }
}
