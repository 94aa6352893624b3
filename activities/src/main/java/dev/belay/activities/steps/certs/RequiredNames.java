package dev.belay.activities.steps.certs;

import dev.belay.activities.steps.StaticPods.StaticPod;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names that the servers of a control plane are reached by, as its files tell: node, advertise address, the address in {@code admin.conf}
 * (the load balancer), and the first address of the service range.
 */
final class RequiredNames {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private RequiredNames() {}

    /** By certificate under {@code pki}; empty when there is no API server to read it of. */
    static Map<String, List<String>> of(NodePki pki) {
        Map<String, List<String>> names = new TreeMap<>();
        pki.apiServer().ifPresent(pod -> {
            Optional<String> advertised = pod.flag("--advertise-address");
            names.put("apiserver.crt", apiServer(pki, pod, advertised));
            List<String> etcd = new ArrayList<>(List.of("localhost", pki.node().value(), "127.0.0.1", "::1"));
            advertised.ifPresent(etcd::add);
            names.put("etcd/server.crt", etcd);
            names.put("etcd/peer.crt", etcd);
        });
        return names;
    }

    /** Those of the names that a certificate does not bear. */
    static List<String> missing(X509Certificate certificate, List<String> wanted) {
        List<String> borne = FoundCertificate.names(certificate).stream()
                .map(RequiredNames::plain)
                .toList();
        return wanted.stream().filter(name -> !borne.contains(plain(name))).toList();
    }

    static boolean isAddress(String name) {
        return ADDRESS.matcher(name).matches();
    }

    private static List<String> apiServer(NodePki pki, StaticPod pod, Optional<String> advertised) {
        List<String> names = new ArrayList<>(List.of(
                pki.node().value(),
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + pki.kubelet().clusterDomain()));
        pod.flag("--service-cluster-ip-range").flatMap(RequiredNames::first).ifPresent(names::add);
        advertised.ifPresent(names::add);
        KubeconfigIdentity admin = pki.kubeconfigs().get(PkiFiles.ADMIN);
        if (admin != null && !admin.address().isEmpty()) {
            names.add(admin.address());
        }
        return names.stream().distinct().toList();
    }

    /** The address of the service {@code kubernetes}: the first of the first range. */
    private static Optional<String> first(String ranges) {
        String base = ranges.split(",", -1)[0].split("/", -1)[0];
        if (!isAddress(base)) {
            return Optional.empty();
        }
        try {
            byte[] address = InetAddress.getByName(base).getAddress();
            address[address.length - 1]++;
            return Optional.of(InetAddress.getByAddress(address).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String plain(String name) {
        if (!isAddress(name)) {
            return name.toLowerCase(Locale.ROOT);
        }
        try {
            return InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException e) {
            return name;
        }
    }
}
