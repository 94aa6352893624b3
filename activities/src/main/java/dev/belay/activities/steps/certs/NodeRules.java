package dev.belay.activities.steps.certs;

import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.certs.CertificateFinding.Weight;
import dev.belay.model.kubernetes.NodeRole;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold for the certificates of one node by itself. */
final class NodeRules {

    private static final Duration TOO_SOON = Duration.ofDays(7);
    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration CA_SOON = Duration.ofDays(365);
    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";
    private static final String RENEW =
            "`kubeadm certs renew all` on that control plane (certs.renew), then restart its static pods one by one";
    private static final String REISSUE = "renew it, signed by its own CA (certs.renew, or certs.issue)";

    private final NodePki pki;
    private final Instant now;
    private final List<CertificateFinding> findings = new ArrayList<>();

    private NodeRules(NodePki pki, Instant now) {
        this.pki = pki;
        this.now = now;
    }

    static List<CertificateFinding> judge(NodePki pki, Instant now) {
        NodeRules rules = new NodeRules(pki, now);
        pki.unreadable().forEach(what -> rules.stop("CERTIFICATE_UNREADABLE", what, "repair the file"));
        rules.chains();
        rules.missing();
        pki.found().forEach(rules::dates);
        rules.keys();
        rules.names();
        rules.kubelet();
        return rules.findings;
    }

    private void chains() {
        pki.files().forEach((path, certificate) -> PkiFiles.authorityOf(path)
                .flatMap(pki::file)
                .ifPresent(authority -> chain(PkiFiles.PKI + path, certificate, authority)));
        Optional<X509Certificate> ca = pki.file(PkiFiles.CA);
        pki.kubeconfigs().forEach((path, identity) -> {
            String where = identity.clientFile().isEmpty() ? path : identity.clientFile();
            ca.ifPresent(authority -> identity.client().ifPresent(client -> chain(where, client, authority)));
            if (ca.isPresent()
                    && !identity.authorities().isEmpty()
                    && !identity.authorities().contains(ca.get())) {
                stop("KUBECONFIG_CA", path + " believes another CA than " + PkiFiles.PKI + PkiFiles.CA, REISSUE);
            }
        });
    }

    private void chain(String where, X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            stop(
                    "CERTIFICATE_CHAIN",
                    where + " is not signed by its own CA ("
                            + authority.getSubjectX500Principal().getName() + ")",
                    REISSUE);
        }
    }

    private void missing() {
        if (!pki.controlPlane()) {
            return;
        }
        if (pki.file(PkiFiles.CA).isEmpty()) {
            stop(
                    "CERTIFICATE_MISSING",
                    "there is no /etc/kubernetes/pki/ca.crt",
                    "find out why; never make a new CA for this");
        }
        for (String ca : PkiFiles.CAS) {
            if (pki.file(ca).isPresent() && !pki.fits().containsKey(ca)) {
                note(
                        "CA_EXTERNAL",
                        PkiFiles.PKI + ca + " is there without its key: kubeadm renews nothing that it signs",
                        "certs.issue with mode `requests`, the CA's owner signs, certs.issue with mode `import`");
            }
        }
    }

    private void dates(FoundCertificate certificate) {
        Duration left = Duration.between(now, certificate.end());
        boolean own = certificate.path().equals(PkiFiles.KUBELET_OWN);
        if (left.isNegative() || left.isZero()) {
            add(
                    own ? Weight.WARN : Weight.STOP,
                    "CERTIFICATE_EXPIRED",
                    certificate.path() + " expired at " + certificate.end(),
                    remedy(certificate));
        } else if (certificate.begin().isAfter(now)) {
            stop(
                    "CERTIFICATE_NOT_YET_VALID",
                    certificate.path() + " is valid only from " + certificate.begin(),
                    "compare the clocks of the hosts");
        } else if (left.compareTo(TOO_SOON) < 0 && !own) {
            stop(
                    "CERTIFICATE_EXPIRES",
                    certificate.path() + " expires in " + left.toDays() + " days, at " + certificate.end(),
                    remedy(certificate));
        } else if (left.compareTo(certificate.authority() && !own ? CA_SOON : SOON) < 0) {
            add(
                    Weight.WARN,
                    "CERTIFICATE_EXPIRES",
                    certificate.path() + " expires in " + left.toDays() + " days",
                    remedy(certificate));
        }
    }

    private String remedy(FoundCertificate certificate) {
        if (certificate.path().equals(PkiFiles.KUBELET_OWN)) {
            return "remove it and its key, and restart the kubelet, which makes another";
        }
        if (certificate.authority()) {
            return "a CA ends: this is a project of its own (manual rotation of CA certificates)";
        }
        if (pki.entry().role() == NodeRole.ETCD) {
            return "kubeadm knows nothing of it: whoever issued it issues it anew; then restart " + EtcdSettings.UNIT
                    + " host by host";
        }
        return certificate.path().startsWith("/var/lib/kubelet/")
                        || certificate.path().equals(PkiFiles.KUBELET_CONF)
                ? "look why the kubelet does not rotate it"
                : RENEW;
    }

    private void keys() {
        pki.fits().forEach((open, fits) -> {
            if (!fits) {
                stop(
                        "KEY_MISMATCH",
                        PkiFiles.PKI + PkiFiles.keyOf(open) + " is not the key of " + PkiFiles.PKI + open,
                        "put back the key that belongs to it, from the backup or from another control plane");
            }
        });
        pki.kubeconfigs().forEach((path, identity) -> {
            if (Boolean.FALSE.equals(identity.fits())) {
                stop("KEY_MISMATCH", path + " holds a key that is not its certificate's", REISSUE);
            }
        });
    }

    private void names() {
        Map<String, List<String>> wanted = RequiredNames.of(pki);
        PkiFiles.LEAVES.keySet().forEach(leaf -> pki.file(leaf).ifPresent(certificate -> {
            List<String> missing = RequiredNames.missing(certificate, wanted.getOrDefault(leaf, List.of()));
            if (!missing.isEmpty()) {
                stop(
                        "SAN_MISSING",
                        PkiFiles.PKI + leaf + " is not for " + String.join(", ", missing),
                        "renewing keeps the names it has: issue it anew with them (certs.issue, or `kubeadm init phase certs`)");
            }
            usages(leaf, certificate);
        }));
    }

    private void usages(String leaf, X509Certificate certificate) {
        List<String> wanted = new ArrayList<>();
        if (PkiFiles.SERVERS.contains(leaf)) {
            wanted.add(SERVER_USE);
        }
        if (!leaf.equals("apiserver.crt")) {
            wanted.add(CLIENT_USE);
        }
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses != null && !uses.containsAll(wanted)) {
                stop(
                        "USAGE_WRONG",
                        PkiFiles.PKI + leaf + " may not be used as " + wanted + ", only as " + uses,
                        REISSUE);
            }
        } catch (CertificateParsingException e) {
            stop("CERTIFICATE_UNREADABLE", PkiFiles.PKI + leaf + ": " + e.getMessage(), REISSUE);
        }
    }

    private void kubelet() {
        KubeconfigIdentity own = pki.kubeconfigs().get(PkiFiles.KUBELET_CONF);
        if (own != null && own.clientFile().isEmpty() && own.client().isPresent()) {
            add(
                    Weight.WARN,
                    "KUBELET_NOT_ROTATING",
                    PkiFiles.KUBELET_CONF
                            + " holds a certificate itself, which no rotation renews (kubernetes/kubeadm#1753)",
                    "let it point to " + PkiFiles.KUBELET_CLIENT + " for certificate and key");
        } else if (own != null
                && !own.clientFile().isEmpty()
                && !own.clientFile().equals(PkiFiles.KUBELET_CLIENT)) {
            add(
                    Weight.WARN,
                    "KUBELET_NOT_ROTATING",
                    PkiFiles.KUBELET_CONF + " points to " + own.clientFile() + ", not to the one that is rotated",
                    "let it point to " + PkiFiles.KUBELET_CLIENT);
        }
        if (pki.kubelet().known() && !pki.kubelet().rotates()) {
            add(
                    Weight.WARN,
                    "KUBELET_NOT_ROTATING",
                    "the kubelet's configuration does not say rotateCertificates: true",
                    "set it in the ConfigMap kube-system/kubelet-config and on the node");
        }
        if (pki.kubelet().bootstrapsServing() && !pki.kubelet().hasServing()) {
            add(
                    Weight.WARN,
                    "KUBELET_SERVING",
                    "the kubelet asks the API for a serving certificate (serverTLSBootstrap) and has none",
                    "look at the pending certificate signing requests; nobody approves them by itself");
        }
    }

    private void stop(String code, String what, String remedy) {
        add(Weight.STOP, code, what, remedy);
    }

    private void note(String code, String what, String remedy) {
        add(Weight.NOTE, code, what, remedy);
    }

    private void add(Weight weight, String code, String what, String remedy) {
        findings.add(new CertificateFinding(weight, code, pki.node().value(), what, remedy));
    }
}
