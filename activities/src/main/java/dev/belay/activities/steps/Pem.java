package dev.belay.activities.steps;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Certificates as kubeadm keeps them: PEM, one or several in a file, perhaps with a key beside them. */
public final class Pem {

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private Pem() {}

    /** Every certificate in the text, in order; an exception names what cannot be read. */
    public static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        List<X509Certificate> found = new ArrayList<>();
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
            int end = text.indexOf(END, at);
            if (end < 0) {
                throw new CertificateException("a certificate has no end line");
            }
            byte[] one = text.substring(at, end + END.length()).getBytes(StandardCharsets.ISO_8859_1);
            found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
        }
        return found;
    }

    /** sha256 of each certificate's DER; empty when there is none that can be read. */
    public static Set<String> fingerprints(byte[] pem) {
        Set<String> fingerprints = new TreeSet<>();
        try {
            for (X509Certificate certificate : certificates(pem)) {
                fingerprints.add(fingerprint(certificate));
            }
        } catch (CertificateException e) {
            return Set.of();
        }
        return fingerprints;
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        return Sha256.of(certificate.getEncoded());
    }
}
