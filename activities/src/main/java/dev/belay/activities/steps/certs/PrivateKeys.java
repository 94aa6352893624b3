package dev.belay.activities.steps.certs;

import dev.belay.activities.steps.Sha256;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * Keys as kubeadm and openssl write them: PKCS#1, SEC1 and PKCS#8, not encrypted. Private ones are held no longer than a look, are never
 * printed, and are told apart by what they sign.
 */
final class PrivateKeys {

    private static final byte[] SAMPLE = "which key is this".getBytes(StandardCharsets.UTF_8);

    private PrivateKeys() {}

    /** The private key in a text, perhaps beside certificates; empty when there is none that can be read. */
    static Optional<PrivateKey> privateKey(byte[] pem) {
        try (PEMParser parser = parser(pem)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PEMKeyPair pair) {
                    return Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
                }
                if (object instanceof PrivateKeyInfo info) {
                    return Optional.of(converter.getPrivateKey(info));
                }
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The public key in a text such as {@code sa.pub}. */
    static Optional<PublicKey> publicKey(byte[] pem) {
        try (PEMParser parser = parser(pem)) {
            return parser.readObject() instanceof SubjectPublicKeyInfo info
                    ? Optional.of(new JcaPEMKeyConverter().getPublicKey(info))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Says whether the two are one pair. */
    static boolean fit(PrivateKey secret, PublicKey open) {
        try {
            Signature signing = Signature.getInstance(algorithm(secret));
            signing.initSign(secret);
            signing.update(SAMPLE);
            Signature verifying = Signature.getInstance(algorithm(secret));
            verifying.initVerify(open);
            verifying.update(SAMPLE);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The algorithm that a key signs with. */
    static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    /** sha256 of a public key as X.509 has it. */
    static String hash(PublicKey key) {
        return Sha256.of(key.getEncoded());
    }

    private static PEMParser parser(byte[] pem) {
        return new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)));
    }
}
