package dev.belay.activities.steps.certs;

import dev.belay.activities.steps.Sha256;
import dev.belay.model.kubernetes.NodeName;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * One certificate where it was found. Nothing in it is secret.
 *
 * @param path the file; for a client certificate inside a kubeconfig, the kubeconfig
 * @param authority whether it is a CA's
 * @param names alternative names, DNS and addresses
 * @param key sha256 of its public key
 */
public record FoundCertificate(
        String node,
        String path,
        String subject,
        String issuer,
        Instant begin,
        Instant end,
        boolean authority,
        List<String> names,
        String key,
        String sha256) {

    static FoundCertificate of(NodeName node, String path, X509Certificate certificate) {
        try {
            return new FoundCertificate(
                    node.value(),
                    path,
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getIssuerX500Principal().getName(),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    certificate.getBasicConstraints() >= 0,
                    names(certificate),
                    PrivateKeys.hash(certificate.getPublicKey()),
                    Sha256.of(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    long daysLeft(Instant now) {
        return Duration.between(now, end).toDays();
    }

    static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream().map(name -> String.valueOf(name.get(1))).toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
