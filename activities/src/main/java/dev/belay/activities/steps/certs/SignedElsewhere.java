package dev.belay.activities.steps.certs;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.certs.LeafFile.Keys;
import dev.belay.model.run.FailureKind;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A certificate that a CA elsewhere signed, as its owner laid it into the backup store. */
record SignedElsewhere(LeafFile file, String path) {

    /** The certificate, once it was found to be what was asked for. */
    X509Certificate read(StepContext context) {
        X509Certificate one = certificate(context);
        List<String> wrong = wrong(context.host(), one, context.clock().now());
        if (!wrong.isEmpty()) {
            throw refused(path + " " + String.join(", and ", wrong), "have the request signed again as it is");
        }
        return one;
    }

    private X509Certificate certificate(StepContext context) {
        byte[] pem = context.evidence()
                .read(path)
                .orElseThrow(() -> refused(
                        "there is no " + path + " in " + context.evidence().location(),
                        "put it there, named as its request was"));
        try {
            return Pem.certificates(pem).stream()
                    .findFirst()
                    .orElseThrow(
                            () -> refused(path + " holds no certificate", "put the signed certificate there, as PEM"));
        } catch (CertificateException e) {
            throw refused(path + " cannot be read: " + e.getMessage(), "put the signed certificate there, as PEM");
        }
    }

    private List<String> wrong(Host host, X509Certificate one, Instant now) {
        List<String> wrong = new ArrayList<>();
        Optional<PublicKey> own = file.ownKeys(host).map(Keys::open);
        if (!own.equals(Optional.of(one.getPublicKey()))) {
            wrong.add("is not for the key of " + file.profile().keyPath() + " on " + host.node());
        }
        if (Issuer.authorities(host, file.profile().authority()).stream()
                .noneMatch(authority -> Issuer.signed(authority, one, now))) {
            wrong.add(
                    "is not signed by a CA in " + PkiFiles.PKI + file.profile().authority());
        }
        if (one.getNotAfter().toInstant().isBefore(now)
                || one.getNotBefore().toInstant().isAfter(now)) {
            wrong.add("is not valid now");
        }
        wrong.addAll(file.unfit(one));
        return wrong;
    }

    private static StepFailure refused(String why, String next) {
        return StepFailure.of(FailureKind.PRECONDITION, "CERTIFICATE_REFUSED", why, next);
    }
}
