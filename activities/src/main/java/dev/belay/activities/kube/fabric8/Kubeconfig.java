package dev.belay.activities.kube.fabric8;

import dev.belay.activities.StepFailure;
import dev.belay.model.run.FailureKind;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads a kubeconfig, and nothing else: no environment variable, service account or file of the user running us changes what it says.
 * HTTP/1.1 on purpose: a request that times out then takes its connection with it, so that a dead API server behind a load balancer is
 * met at most once. The client itself never repeats a request.
 */
final class Kubeconfig {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private Kubeconfig() {}

    /** @param source where the bytes came from, for people */
    static Config parse(byte[] content, String source, Duration requestTimeout) {
        Config read = read(content, source);
        requireContext(read, source);
        requireServer(read.getMasterUrl(), source);
        requireAuthority(read.getCaCertData(), source);
        if (read.isTrustCerts()) {
            throw unusable(source, "it says insecure-skip-tls-verify, and Belay changes no cluster it cannot verify");
        }
        return new ConfigBuilder(read)
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .withConnectionTimeout((int) CONNECT.toMillis())
                .withRequestTimeout((int) requestTimeout.toMillis())
                .build();
    }

    private static Config read(byte[] content, String source) {
        try {
            return Config.fromKubeconfig(new String(content, StandardCharsets.UTF_8));
        } catch (RuntimeException unreadable) {
            throw unusable(source, "it is not YAML with clusters, users, contexts and current-context");
        }
    }

    private static void requireContext(Config config, String source) {
        NamedContext context = config.getCurrentContext();
        if (context == null || context.getContext() == null) {
            throw unusable(source, "it has no current-context that is also in its list of contexts");
        }
        String server = config.getMasterUrl();
        if (server == null || server.startsWith(Config.DEFAULT_MASTER_URL)) {
            throw unusable(source, "its context " + context.getName() + " names no cluster with a server address");
        }
    }

    private static void requireServer(String server, String source) {
        try {
            if (new URI(server).getHost() == null) {
                throw unusable(source, "its server \"" + server + "\" has no host name");
            }
        } catch (URISyntaxException e) {
            throw unusable(source, "its server \"" + server + "\" is no address: " + e.getReason());
        }
    }

    private static void requireAuthority(@Nullable String authority, String source) {
        if (authority == null || authority.isEmpty()) {
            return;
        }
        if (!holdsCertificate(authority)) {
            throw unusable(source, "its certificate-authority-data is no certificate");
        }
    }

    private static boolean holdsCertificate(String base64) {
        try {
            byte[] pem = Base64.getMimeDecoder().decode(base64);
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .isEmpty();
        } catch (CertificateException | IllegalArgumentException notCertificates) {
            return false;
        }
    }

    static StepFailure unusable(String source, String why) {
        return StepFailure.of(
                FailureKind.PERMANENT,
                "KUBECONFIG_UNUSABLE",
                "the kubeconfig " + source + " cannot be used: " + why,
                "give kubernetes.kubeconfig a reference to the cluster's admin kubeconfig, as kubectl would read it");
    }
}
