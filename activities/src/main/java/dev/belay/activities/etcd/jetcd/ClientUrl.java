package dev.belay.activities.etcd.jetcd;

import dev.belay.activities.StepFailure;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.model.run.FailureKind;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Where on its own host a member of an external etcd listens for clients: the first of its URLs with TLS. */
public record ClientUrl(String host, int port) {

    private static final int USUAL = 2379;
    private static final Set<String> ANY = Set.of("0.0.0.0", "::");

    public static ClientUrl of(EtcdSettings settings) {
        String urls = settings.flag("--listen-client-urls").orElse("");
        return Arrays.stream(urls.split(",", -1))
                .flatMap(url -> parse(url.strip()).stream())
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "ETCD_SETTINGS",
                        settings.node() + ": etcd listens for clients at \"" + urls
                                + "\", and none of these is https://",
                        "Belay speaks TLS only: give the member a --listen-client-urls with https, and certificates"));
    }

    private static Optional<ClientUrl> parse(String url) {
        if (!url.matches("https://[^\\s/]+/?")) {
            return Optional.empty();
        }
        URI uri = URI.create(url);
        int port = uri.getPort() < 0 ? USUAL : uri.getPort();
        return Optional.ofNullable(uri.getHost())
                .map(host -> host.replaceAll("[\\[\\]]", ""))
                .map(host -> new ClientUrl(ANY.contains(host) ? "127.0.0.1" : host, port));
    }
}
