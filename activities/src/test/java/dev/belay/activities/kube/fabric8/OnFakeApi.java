package dev.belay.activities.kube.fabric8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.fabric8.FakeApiServer.Asked;
import dev.belay.model.kubernetes.NodeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A cluster whose API server says what a test wants. */
abstract class OnFakeApi {

    static final NodeName CP1 = new NodeName("cp1");
    static final String NODES = "GET /api/v1/nodes";
    static final String NODE = "GET /api/v1/nodes/cp1";
    static final String PATCH = "PATCH /api/v1/nodes/cp1";
    static final String EVICT = "POST /api/v1/namespaces/web/pods/shop-1/eviction";
    static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    static final Duration PATIENT = Duration.ofSeconds(30);
    static final Duration HASTY = Duration.ofSeconds(1);

    FakeApiServer server;
    Fabric8Cluster kube;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        kube = within(PATIENT);
    }

    Fabric8Cluster within(Duration limit) {
        return new Fabric8Cluster(given(server.kubeconfig()), server.port(), limit);
    }

    static KubeconfigSource given(byte[] kubeconfig) {
        return new KubeconfigSource("file:test", () -> kubeconfig, true);
    }

    @AfterEach
    void stop() {
        kube.close();
        server.close();
    }

    static void hangUp(ServerSocket server) {
        try (Socket caller = server.accept()) {
            assertThat(caller.getInputStream().read()).isPositive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Asked last() {
        return server.asked.get(server.asked.size() - 1);
    }

    static KubePod pod() {
        return new KubePod(
                "web",
                "shop-1",
                "uid-1",
                "w1",
                "ReplicaSet/shop",
                false,
                false,
                "Running",
                true,
                false,
                Duration.ofSeconds(30),
                Map.of(),
                List.of(),
                List.of());
    }

    static String nodes(String kubelet) {
        return list("NodeList", node(kubelet, "", "41"));
    }

    static String node(String kubelet, String spec, String resourceVersion) {
        return """
                {"kind":"Node","apiVersion":"v1","metadata":{"name":"cp1","resourceVersion":"%s","labels":{"node-role.kubernetes.io/control-plane":""}},
                 "spec":{%s},"status":{"addresses":[{"type":"Hostname","address":"cp1"},{"type":"InternalIP","address":"127.0.0.1"}],
                 "conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"%s","containerRuntimeVersion":"containerd://1.7.28"}}}""".formatted(resourceVersion, spec, kubelet);
    }

    static String podJson(String namespace, String name) {
        return """
                {"metadata":{"namespace":"%s","name":"%s","uid":"uid-%s"},"spec":{"nodeName":"w1","containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running"}}""".formatted(namespace, name, name);
    }

    static String lease(String holder) {
        return """
                {"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"namespace":"kube-system","name":"belay","resourceVersion":"9"},
                 "spec":{"holderIdentity":"%s"}}""".formatted(holder);
    }

    static String list(String kind, String items) {
        return "{\"kind\":\"" + kind + "\",\"metadata\":{},\"items\":[" + items + "]}";
    }
}
