package dev.belay.activities.steps.certs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Yaml;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * One certificate of a control plane where it lies, alone with a key beside it or inside a kubeconfig.
 *
 * @param old what lies there now
 * @param names that it must be for
 */
record LeafFile(LeafProfile profile, String node, Optional<X509Certificate> old, List<String> names) {

    /** A pair; the private one is never printed. */
    record Keys(PublicKey open, PrivateKey secret, boolean fresh) {

        @Override
        public String toString() {
            return "Keys[***]";
        }
    }

    static LeafFile of(LeafProfile profile, NodePki pki, Host host, List<String> more) {
        Optional<X509Certificate> old = profile.kubeconfig()
                ? Optional.ofNullable(pki.kubeconfigs().get(profile.path())).flatMap(KubeconfigIdentity::client)
                : pki.file(profile.path().substring(PkiFiles.PKI.length()));
        Set<String> names = new LinkedHashSet<>(old.map(FoundCertificate::names).orElse(List.of()));
        List<String> wanted = new ArrayList<>(RequiredNames.of(pki).getOrDefault(profile.name() + ".crt", List.of()));
        wanted.addAll(more);
        List<String> missing =
                old.map(one -> RequiredNames.missing(one, wanted)).orElse(wanted);
        names.addAll(missing);
        return new LeafFile(profile, host.node().value(), old, List.copyOf(names));
    }

    String name() {
        return profile.name();
    }

    /** The old subject, or kubeadm's. */
    LeafRequest request() {
        X500Name subject = old.map(one ->
                        X500Name.getInstance(one.getSubjectX500Principal().getEncoded()))
                .orElse(profile.subject(node));
        return new LeafRequest(subject, names, profile.purposes());
    }

    /** Says whether it is there, fits its key, is signed by a CA that is valid, for all its names and uses, and lasts. */
    boolean isWhole(Host host, Instant now, Instant limit) {
        return old.filter(one -> one.getNotAfter().toInstant().isAfter(limit)
                        && unfit(one).isEmpty()
                        && Issuer.authorities(host, profile.authority()).stream()
                                .anyMatch(authority -> Issuer.signed(authority, one, now))
                        && secret(host)
                                .filter(key -> PrivateKeys.fit(key, one.getPublicKey()))
                                .isPresent())
                .isPresent();
    }

    /** What a certificate lacks to be this one, one phrase each. */
    List<String> unfit(X509Certificate one) {
        List<String> unfit = new ArrayList<>();
        List<String> missing = RequiredNames.missing(one, names);
        if (!missing.isEmpty()) {
            unfit.add("is not for " + missing);
        }
        try {
            List<String> uses = one.getExtendedKeyUsage();
            List<String> wanted =
                    profile.purposes().stream().map(KeyPurposeId::getId).toList();
            if (uses == null || !uses.containsAll(wanted)) {
                unfit.add("may not be used as " + wanted);
            }
        } catch (CertificateParsingException e) {
            unfit.add("says its uses in a way that cannot be read");
        }
        return unfit;
    }

    /** The pair whose private key lies there; empty when it does not fit the old certificate, which alone shows the public one. */
    Optional<Keys> ownKeys(Host host) {
        return old.map(X509Certificate::getPublicKey)
                .flatMap(open ->
                        secret(host).filter(key -> PrivateKeys.fit(key, open)).map(key -> new Keys(open, key, false)));
    }

    /** The pair that is there, or a new one. */
    Keys keys(Host host, PublicKey like) {
        return ownKeys(host).orElseGet(() -> {
            KeyPair pair = LeafRequest.newKeys(like);
            return new Keys(pair.getPublic(), pair.getPrivate(), true);
        });
    }

    void write(Host host, X509Certificate certificate, Keys keys) {
        byte[] pem = PemText.of(certificate).getBytes(StandardCharsets.UTF_8);
        if (profile.kubeconfig()) {
            host.write(profile.path(), embedded(host, pem, keys), FileAttributes.ROOT_ONLY);
            return;
        }
        if (keys.fresh()) {
            byte[] key = LeafRequest.pem(keys.secret()).getBytes(StandardCharsets.UTF_8);
            host.write(profile.keyPath(), key, FileAttributes.ROOT_ONLY);
        }
        host.write(profile.path(), pem, FileAttributes.ROOT_READABLE);
    }

    private Optional<PrivateKey> secret(Host host) {
        Optional<byte[]> content = host.read(profile.keyPath());
        if (!profile.kubeconfig()) {
            return content.flatMap(PrivateKeys::privateKey);
        }
        try {
            String data = content.isEmpty()
                    ? ""
                    : user(Yaml.mapper().readTree(content.get()))
                            .path("client-key-data")
                            .asText("");
            return PrivateKeys.privateKey(Base64.getMimeDecoder().decode(data));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] embedded(Host host, byte[] certificate, Keys keys) {
        try {
            JsonNode tree = Yaml.mapper().readTree(host.read(profile.path()).orElse(new byte[0]));
            if (!(user(tree) instanceof ObjectNode user)) {
                throw unusable(host);
            }
            user.put("client-certificate-data", Base64.getEncoder().encodeToString(certificate));
            if (keys.fresh()) {
                byte[] key = LeafRequest.pem(keys.secret()).getBytes(StandardCharsets.UTF_8);
                user.put("client-key-data", Base64.getEncoder().encodeToString(key));
            }
            return Yaml.mapper().writeValueAsBytes(tree);
        } catch (IOException e) {
            throw unusable(host);
        }
    }

    private static JsonNode user(JsonNode tree) {
        return tree.path("users").path(0).path("user");
    }

    private StepFailure unusable(Host host) {
        return StepFailure.of(
                FailureKind.PRECONDITION,
                "KUBECONFIG_MISSING",
                host.node() + ": " + profile.path() + " is no kubeconfig that a certificate could be put into",
                "make it with `kubeadm init phase kubeconfig`, or put it back from the backup");
    }
}
