package dev.belay.activities.host.ssh;

import dev.belay.activities.StepFailure;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Pages of web servers as a host reaches them: through a port forward, so that nothing runs on it. */
final class WebPages {

    private static final int MOST_REDIRECTS = 3;
    private static final List<Integer> ELSEWHERE = List.of(301, 302, 303, 307, 308);
    private static final List<Integer> NOWHERE = List.of(404, 410);

    private final NodeName node;
    private final Forwards forwards;

    WebPages(NodeName node, Forwards forwards) {
        this.node = node;
        this.forwards = forwards;
    }

    /** Opens a port of our loopback that leads to a server. */
    interface Forwards {
        LocalForward to(String host, int port);
    }

    /** See {@link dev.belay.activities.host.Host#fetch}. */
    Optional<byte[]> fetch(URI address) {
        URI at = address;
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            WebPage page = get(at);
            if (NOWHERE.contains(page.status())) {
                return Optional.empty();
            }
            if (page.status() == 200) {
                return Optional.of(page.body());
            }
            if (!ELSEWHERE.contains(page.status())) {
                throw failed(at, "it answered with status " + page.status(), null);
            }
            at = next(at, page);
        }
        throw failed(address, "it leads elsewhere more than " + MOST_REDIRECTS + " times", null);
    }

    private WebPage get(URI address) {
        if (!List.of("http", "https").contains(address.getScheme()) || address.getHost() == null) {
            throw failed(address, "it is no address of the web", null);
        }
        try (LocalForward forward = forwards.to(host(address), WebPage.port(address))) {
            return WebPage.get(address, forward.address());
        } catch (IOException e) {
            throw failed(address, String.valueOf(e.getMessage()), e);
        }
    }

    /** Without the brackets of an IPv6 address. */
    private static String host(URI address) {
        return address.getHost().replaceAll("[\\[\\]]", "");
    }

    private URI next(URI at, WebPage page) {
        String location = page.header("location").orElse("");
        try {
            URI next = at.resolve(location);
            if (location.isEmpty() || (WebPage.isSecure(at) && !WebPage.isSecure(next))) {
                throw failed(at, "it leads to \"" + location + "\"", null);
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw failed(at, "it leads to what is no address", e);
        }
    }

    private StepFailure failed(URI address, String why, @org.jspecify.annotations.Nullable Exception cause) {
        StepFailure failure = StepFailure.of(
                FailureKind.TRANSIENT,
                "FETCH_FAILED",
                address + " gave no page by way of " + node + ": " + why,
                "look from " + node
                        + " whether it answers, and whether its sshd allows forwarding (AllowTcpForwarding)");
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }
}
