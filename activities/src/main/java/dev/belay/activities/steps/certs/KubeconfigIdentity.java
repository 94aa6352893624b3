package dev.belay.activities.steps.certs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.Yaml;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a kubeconfig says that one is, and whom it believes.
 *
 * @param server of the API; empty when it names none
 * @param authorities certificates of the CAs it believes; empty when it holds none
 * @param clientFile where its client certificate is; empty when it holds one itself
 * @param client its own client certificate
 * @param fits whether its key is that certificate's; null without one
 */
record KubeconfigIdentity(
        Optional<URI> server,
        List<X509Certificate> authorities,
        String clientFile,
        Optional<X509Certificate> client,
        @Nullable Boolean fits) {

    /** What is wrong with the text, in a phrase that follows the file's name. */
    static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why);
        }
    }

    static KubeconfigIdentity of(byte[] content) throws Unreadable {
        JsonNode tree;
        try {
            tree = Yaml.mapper().readTree(new String(content, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new Unreadable("cannot be read as a kubeconfig");
        }
        JsonNode cluster = tree.path("clusters").path(0).path("cluster");
        JsonNode user = tree.path("users").path(0).path("user");
        List<X509Certificate> clients = certificates(user, "client-certificate-data", "a client certificate");
        Optional<X509Certificate> client = clients.stream().findFirst();
        return new KubeconfigIdentity(
                server(cluster.path("server").asText("")),
                certificates(cluster, "certificate-authority-data", "a CA"),
                user.path("client-certificate").asText(""),
                client,
                client.isEmpty() ? null : fits(user, client.get()));
    }

    private static @Nullable Boolean fits(JsonNode user, X509Certificate client) throws Unreadable {
        String data = user.path("client-key-data").asText("");
        return data.isEmpty()
                ? null
                : (Boolean) PrivateKeys.privateKey(decoded(data, "a client key"))
                        .filter(key -> PrivateKeys.fit(key, client.getPublicKey()))
                        .isPresent();
    }

    private static List<X509Certificate> certificates(JsonNode from, String field, String what) throws Unreadable {
        String data = from.path(field).asText("");
        if (data.isEmpty()) {
            return List.of();
        }
        try {
            List<X509Certificate> found = Pem.certificates(decoded(data, what));
            if (found.isEmpty()) {
                throw new Unreadable("holds no certificate");
            }
            return found;
        } catch (CertificateException e) {
            throw new Unreadable("holds " + what + " that cannot be read: " + e.getMessage());
        }
    }

    private static byte[] decoded(String data, String what) throws Unreadable {
        try {
            return Base64.getMimeDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("holds " + what + " that is not base64");
        }
    }

    /** Address without the brackets of IPv6; empty when no server is named. */
    String address() {
        return server.map(uri -> uri.getHost().replaceAll("[\\[\\]]", "")).orElse("");
    }

    private static Optional<URI> server(String text) {
        try {
            return Optional.of(URI.create(text)).filter(uri -> uri.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
