package dev.belay.activities.steps.certs;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Pem;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA whose certificate and key lie on a node. Of several certificates in its file the one counts that is valid now and belongs to the key: an
 * expired one beside it signs nothing and goes into no chain. Its own key identifier is copied, never computed anew, since CAs hash their keys
 * differently.
 */
final class Issuer {

    private static final Duration CLOCKS = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    private Issuer(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** The CA of a file under {@code pki}. */
    static Issuer of(Host host, String file, Instant now) {
        String path = PkiFiles.PKI + file;
        PrivateKey key = host.read(PkiFiles.PKI + PkiFiles.keyOf(file))
                .flatMap(PrivateKeys::privateKey)
                .orElseThrow(() -> failure(
                        "CA_EXTERNAL",
                        host.node() + ": the key of " + path + " is not there, so nothing can be signed here",
                        "certs.issue with mode `requests`, the CA's owner signs, certs.issue with mode `import`"));
        return authorities(host, file).stream()
                .filter(one -> isValid(one, now) && PrivateKeys.fit(key, one.getPublicKey()))
                .findFirst()
                .map(one -> new Issuer(one, key))
                .orElseThrow(
                        () -> failure(
                                "CA_UNUSABLE",
                                host.node() + ": " + path + " holds no CA that is valid now and belongs to its key",
                                "a CA that has ended is rolled by hand (manual rotation of CA certificates), or its file is put back from the backup"));
    }

    /** Every certificate in a CA's file. */
    static List<X509Certificate> authorities(Host host, String file) {
        try {
            return Pem.certificates(host.read(PkiFiles.PKI + file).orElse(new byte[0]));
        } catch (CertificateException e) {
            throw failure(
                    "CERTIFICATE_UNREADABLE",
                    host.node() + ": " + PkiFiles.PKI + file + " cannot be read: " + e.getMessage(),
                    "repair the file");
        }
    }

    /** Says whether a CA signed a certificate and is valid. */
    static boolean signed(X509Certificate authority, X509Certificate one, Instant now) {
        try {
            one.verify(authority.getPublicKey());
            return isValid(authority, now) && one.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    PublicKey key() {
        return certificate.getPublicKey();
    }

    /** A certificate that ends no later than its CA. */
    X509Certificate sign(LeafRequest request, PublicKey open, Instant now, Duration life) {
        Instant begin = latest(now.minus(CLOCKS), certificate.getNotBefore().toInstant());
        Instant end = earliest(now.plus(life), certificate.getNotAfter().toInstant());
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                    new BigInteger(127, RANDOM).setBit(126),
                    Date.from(begin),
                    Date.from(end),
                    request.subject(),
                    open);
            Extensions extensions = request.extensions();
            for (ASN1ObjectIdentifier each : extensions.getExtensionOIDs()) {
                builder.addExtension(extensions.getExtension(each));
            }
            builder.addExtension(Extension.authorityKeyIdentifier, false, identifier());
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(PrivateKeys.algorithm(key)).build(key)));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("this CA cannot sign", e);
        }
    }

    private AuthorityKeyIdentifier identifier() throws GeneralSecurityException {
        return Optional.ofNullable(
                        SubjectKeyIdentifier.fromExtensions(new JcaX509CertificateHolder(certificate).getExtensions()))
                .map(own -> new AuthorityKeyIdentifier(own.getKeyIdentifier()))
                .orElse(new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
    }

    private static boolean isValid(X509Certificate one, Instant now) {
        return one.getNotBefore().toInstant().isBefore(now)
                && one.getNotAfter().toInstant().isAfter(now);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earliest(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static StepFailure failure(String code, String why, String next) {
        return StepFailure.of(FailureKind.PRECONDITION, code, why, next);
    }
}
