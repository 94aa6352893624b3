package dev.belay.activities.steps.certs;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.StaticPodRestart;
import dev.belay.activities.steps.certs.CertificateFinding.Weight;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Proves that certificates are whole and in use: everything {@code certs.inspect} would put right is right, each TLS server of each node
 * presents in a handshake the certificate of its file, signed by its CA and valid now, the load balancer presents one of the API servers', and
 * no static pod runs since before its files were written. Controller manager and scheduler serve with certificates that they make for
 * themselves, so they are judged by their containers alone.
 */
public final class VerifyCertificates extends DeclaredStep<Nothing, VerifyCertificates.Output> {

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public record Output(
            @Doc("Handshakes made") int handshakes,

            @Doc("When the first of what was presented ends, RFC 3339")
            String firstEnd) {}

    /** A TLS server, and the file it should present; no file where it is only one of several behind an address. */
    private record Server(String name, String address, int port, String file, String authority) {}

    /** What a server presented. */
    private record Shown(Server server, X509Certificate certificate) {}

    public VerifyCertificates() {
        super(
                "certs.verifyConsistency",
                "Proves by TLS handshakes that every server presents the certificate of its file, valid and of its own CA",
                Nothing.class,
                Output.class,
                Traits.cluster("10m", "15s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        CertificateSurvey survey = CertificateSurvey.of(context);
        Findings findings = new Findings();
        survey.unread().forEach(findings::stop);
        survey.of(Weight.STOP).forEach(stop -> findings.stop(stop.code(), stop.said(), stop.remedy()));
        findings.judge();
        List<Shown> shown = new ArrayList<>();
        for (Answer<List<Shown>> answer :
                EachHost.of(context, context.inventory().nodes(), (entry, host) -> node(context, entry, host))) {
            answer.seen().ifPresent(shown::addAll);
            if (answer.failure() != null) {
                findings.stop(answer.failure());
            }
        }
        findings.look(() -> balanced(context, shown));
        findings.judge();
        Instant first = shown.stream()
                .map(one -> one.certificate().getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        return Done.done(
                new Output(shown.size(), first.toString()),
                shown.size() + " servers present what their files hold; the first of it ends " + first);
    }

    private static List<Shown> node(StepContext context, HostEntry entry, Host host) {
        List<String> stale = entry.role() == NodeRole.CONTROL_PLANE ? StaticPodRestart.stale(host) : List.of();
        if (!stale.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "STATIC_POD_STALE",
                    entry.node() + ": " + stale + " run since before their files were written",
                    "restart them (staticPods.restart)");
        }
        List<Shown> shown = new ArrayList<>();
        for (Server server : servers(entry, host)) {
            shown.add(new Shown(server, awaited(context, entry, host, server)));
        }
        return shown;
    }

    private static List<Server> servers(HostEntry entry, Host host) {
        NodePki pki = NodePkiReading.of(entry, host);
        List<Server> servers = new ArrayList<>();
        pki.apiServer().ifPresent(pod -> {
            String address = pod.flag("--advertise-address").orElse(entry.address());
            int port = pod.flag("--secure-port").map(Integer::parseInt).orElse(6443);
            servers.add(new Server("the API server", address, port, PkiFiles.PKI + "apiserver.crt", PkiFiles.CA));
            if (pki.file("etcd/server.crt").isPresent()) {
                servers.add(new Server("etcd", "127.0.0.1", 2379, PkiFiles.PKI + "etcd/server.crt", PkiFiles.ETCD_CA));
                servers.add(new Server(
                        "etcd for its peers", address, 2380, PkiFiles.PKI + "etcd/peer.crt", PkiFiles.ETCD_CA));
            }
        });
        boolean approved = host.read(PkiFiles.KUBELET_SERVER).isPresent();
        servers.add(new Server(
                "the kubelet",
                "127.0.0.1",
                10250,
                approved ? PkiFiles.KUBELET_SERVER : PkiFiles.KUBELET_OWN,
                approved ? PkiFiles.CA : ""));
        return servers;
    }

    /** A server reads its file anew some time after it was written. */
    private static X509Certificate awaited(StepContext context, HostEntry entry, Host host, Server server) {
        List<X509Certificate> last = new ArrayList<>();
        new Await(
                        context,
                        PATIENCE,
                        PAUSE,
                        "CERTIFICATE_NOT_PRESENTED",
                        "look at the log of that server on " + entry.node()
                                + "; restart it when it does not read its file")
                .until(() -> {
                    List<X509Certificate> chain = host.presented(server.address(), server.port());
                    last.clear();
                    last.add(chain.get(0));
                    return wrong(context.clock().now(), entry, host, server, chain.get(0)).stream()
                            .toList();
                });
        return last.get(0);
    }

    private static Optional<String> wrong(
            Instant now, HostEntry entry, Host host, Server server, X509Certificate presented) {
        String who = server.name() + " of " + entry.node() + " (" + server.address() + ":" + server.port() + ")";
        Optional<X509Certificate> file = first(host, server.file());
        if (!file.equals(Optional.of(presented))) {
            return Optional.of(who + " presents " + named(presented) + ", " + server.file() + " holds "
                    + file.map(VerifyCertificates::named).orElse("none"));
        }
        if (server.authority().isEmpty()) {
            return Optional.empty();
        }
        return first(host, PkiFiles.PKI + server.authority())
                .filter(authority -> trusted(presented, authority, now))
                .map(authority -> Optional.<String>empty())
                .orElse(Optional.of(
                        who + " presents " + named(presented) + ", which is not valid by " + server.authority()));
    }

    private static boolean trusted(X509Certificate one, X509Certificate authority, Instant now) {
        try {
            one.verify(authority.getPublicKey());
            one.checkValidity(Date.from(now));
            return one.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The address in {@code admin.conf}: any API server may answer. */
    private static void balanced(StepContext context, List<Shown> shown) {
        Host host = context.hosts().on(ControlPlanes.of(context).get(0));
        Optional<KubeconfigIdentity> admin = admin(host);
        Optional<URI> endpoint = admin.flatMap(KubeconfigIdentity::server);
        if (endpoint.isEmpty()) {
            return;
        }
        String address = admin.map(KubeconfigIdentity::address).orElse("");
        int port = endpoint.get().getPort() < 0 ? 443 : endpoint.get().getPort();
        List<X509Certificate> known = shown.stream()
                .filter(one -> one.server().file().endsWith("/apiserver.crt"))
                .map(Shown::certificate)
                .toList();
        new Await(
                        context,
                        PATIENCE,
                        PAUSE,
                        "CERTIFICATE_NOT_PRESENTED",
                        "look where the load balancer sends " + address + ":" + port)
                .until(() -> {
                    X509Certificate presented = host.presented(address, port).get(0);
                    return known.contains(presented)
                            ? List.of()
                            : List.of(address + ":" + port + " presents " + named(presented)
                                    + ", which is no API server's of this cluster");
                });
    }

    private static Optional<KubeconfigIdentity> admin(Host host) {
        try {
            Optional<byte[]> text = host.read(PkiFiles.ADMIN);
            return text.isEmpty() ? Optional.empty() : Optional.of(KubeconfigIdentity.of(text.get()));
        } catch (KubeconfigIdentity.Unreadable e) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "CERTIFICATE_UNREADABLE",
                    host.node() + ": " + PkiFiles.ADMIN + " " + e.getMessage(),
                    "repair the file");
        }
    }

    private static Optional<X509Certificate> first(Host host, String path) {
        try {
            return Pem.certificates(host.read(path).orElse(new byte[0])).stream()
                    .findFirst();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static String named(X509Certificate one) {
        return one.getSubjectX500Principal().getName() + " until "
                + one.getNotAfter().toInstant();
    }
}
