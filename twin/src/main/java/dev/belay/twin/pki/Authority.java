package dev.belay.twin.pki;

import dev.belay.activities.steps.Pem;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority. Its leaves share one key pair, made once: the twin needs real certificates, not secret ones. */
public final class Authority {

    private static final KeyPair LEAF = keyPair();

    private final KeyPair keys;
    private final X500Name subject;
    private final X509Certificate certificate;
    private long serial = 2;

    public Authority(String commonName, Instant since, Instant until) {
        this.keys = keyPair();
        this.subject = new X500Name("CN=" + commonName);
        this.certificate = selfSigned(since, until);
    }

    private Authority(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.subject = new X500Name(certificate.getSubjectX500Principal().getName());
        this.certificate = certificate;
    }

    /** The authority whose certificate and key lie in two files. */
    public static Authority of(byte[] certificatePem, byte[] keyPem) {
        try (PEMParser parser = new PEMParser(new StringReader(new String(keyPem, StandardCharsets.ISO_8859_1)))) {
            X509Certificate certificate = Pem.certificates(certificatePem).get(0);
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) parser.readObject());
            return new Authority(new KeyPair(certificate.getPublicKey(), key), certificate);
        } catch (IOException | CertificateException broken) {
            throw new IllegalStateException("no authority lies there", broken);
        }
    }

    public String certificatePem() {
        return pem(certificate);
    }

    public String keyPem() {
        return keyPem(keys);
    }

    /** Its public key, as {@code sa.pub} holds one. */
    public String publicKeyPem() {
        return pem(keys.getPublic());
    }

    /** Signs a leaf, valid from an hour before {@code since}. */
    public Leaf issue(Wanted wanted, Instant since, Instant until) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject,
                    BigInteger.valueOf(serial++),
                    Date.from(since.minus(Duration.ofHours(1))),
                    Date.from(until),
                    new X500Name(wanted.subject()),
                    LEAF.getPublic());
            extend(builder, wanted);
            return new Leaf(pem(sign(builder)), keyPem(LEAF));
        } catch (GeneralSecurityException | IOException | OperatorCreationException broken) {
            throw new IllegalStateException("cannot sign " + wanted.subject(), broken);
        }
    }

    private void extend(X509v3CertificateBuilder builder, Wanted wanted)
            throws CertIOException, GeneralSecurityException {
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(wanted.purposes().toArray(KeyPurposeId[]::new)));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(keys.getPublic()));
        if (!wanted.names().isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(wanted.names().toArray(GeneralName[]::new)));
        }
    }

    private X509Certificate selfSigned(Instant since, Instant until) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject, BigInteger.ONE, Date.from(since), Date.from(until), subject, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return sign(builder);
        } catch (GeneralSecurityException | IOException | OperatorCreationException broken) {
            throw new IllegalStateException("cannot make the authority " + subject, broken);
        }
    }

    private X509Certificate sign(X509v3CertificateBuilder builder)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has P-256", impossible);
        }
    }

    private static String keyPem(KeyPair pair) {
        try {
            return pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        } catch (IOException broken) {
            throw new IllegalStateException("cannot write a key", broken);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException broken) {
            throw new IllegalStateException("cannot write PEM", broken);
        }
        return text.toString();
    }

    /** The public key of every leaf, as {@code sa.pub} holds one. */
    public static String leafPublicKeyPem() {
        return pem(LEAF.getPublic());
    }

    public static String leafKeyPem() {
        return keyPem(LEAF);
    }

    /** What a leaf is for. */
    public record Wanted(String subject, List<KeyPurposeId> purposes, List<GeneralName> names) {

        /** What a certificate is for already. */
        public static Wanted as(X509Certificate old) {
            try {
                X509CertificateHolder holder = new X509CertificateHolder(old.getEncoded());
                GeneralNames names =
                        GeneralNames.fromExtensions(holder.getExtensions(), Extension.subjectAlternativeName);
                ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(holder.getExtensions());
                return new Wanted(
                        holder.getSubject().toString(),
                        List.of(usage.getUsages()),
                        names == null ? List.of() : List.of(names.getNames()));
            } catch (IOException | CertificateEncodingException broken) {
                throw new IllegalStateException("a certificate that was read cannot be", broken);
            }
        }

        public static Wanted client(String subject) {
            return new Wanted(subject, List.of(KeyPurposeId.id_kp_clientAuth), List.of());
        }

        public static Wanted server(String subject, List<String> hosts, List<String> addresses) {
            return new Wanted(subject, List.of(KeyPurposeId.id_kp_serverAuth), names(hosts, addresses));
        }

        public static Wanted both(String subject, List<String> hosts, List<String> addresses) {
            List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
            return new Wanted(subject, purposes, names(hosts, addresses));
        }

        private static List<GeneralName> names(List<String> hosts, List<String> addresses) {
            return Stream.concat(
                            hosts.stream().map(host -> new GeneralName(GeneralName.dNSName, host)),
                            addresses.stream().map(address -> new GeneralName(GeneralName.iPAddress, address)))
                    .toList();
        }
    }

    /** Certificate and key as PEM. */
    public record Leaf(String certificate, String key) {}
}
