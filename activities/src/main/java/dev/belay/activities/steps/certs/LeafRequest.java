package dev.belay.activities.steps.certs;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Whom a certificate shall be for, and what it may be used for: what is signed here, or asked of a CA elsewhere. */
record LeafRequest(X500Name subject, List<String> names, List<KeyPurposeId> purposes) {

    private static final int RSA_BITS = 2048;

    /** The extensions that such a certificate bears, but for the one that names its CA's key. */
    Extensions extensions() {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            extensions.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            extensions.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            if (!names.isEmpty()) {
                GeneralName[] general = names.stream()
                        .map(name -> new GeneralName(
                                RequiredNames.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                        .toArray(GeneralName[]::new);
                extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(general));
            }
            return extensions.generate();
        } catch (IOException e) {
            throw new IllegalStateException("these extensions cannot be written", e);
        }
    }

    /** The request for a CA elsewhere, signed by the key it is for. */
    String csr(PublicKey open, PrivateKey secret) {
        try {
            return PemText.of(new JcaPKCS10CertificationRequestBuilder(subject, open)
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions())
                    .build(new JcaContentSignerBuilder(PrivateKeys.algorithm(secret)).build(secret)));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("a request cannot be signed", e);
        }
    }

    /** A new pair of the kind that the CA has. */
    static KeyPair newKeys(PublicKey like) {
        try {
            boolean elliptic = like.getAlgorithm().equals("EC");
            KeyPairGenerator generator = KeyPairGenerator.getInstance(elliptic ? "EC" : "RSA");
            generator.initialize(elliptic ? 256 : RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has RSA and P-256", e);
        }
    }

    /** PKCS#8: what Java writes of an EC key otherwise, openssl does not read. */
    static String pem(PrivateKey key) {
        try {
            return PemText.of(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new IllegalStateException("a key cannot be written", e);
        }
    }
}
