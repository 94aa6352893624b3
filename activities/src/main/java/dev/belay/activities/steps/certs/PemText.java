package dev.belay.activities.steps.certs;

import java.io.IOException;
import java.io.StringWriter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** Certificates, requests and keys written as PEM. */
final class PemText {

    private PemText() {}

    static String of(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException("what is to be written is no PEM", e);
        }
        return text.toString();
    }
}
