package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Ports;
import dev.belay.activities.kube.Eviction.Answer;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods move as owners, budgets and nodes say; probes run to their end. */
class WorkloadTest {

    private static final KubernetesVersion V33 = KubernetesVersion.parse("v1.33.13");

    private final SimulatedCluster cluster = SimulatedCluster.of(ClusterShape.standard(V33));
    private final Ports ports = cluster.connect().ports();

    @Test
    void aPodOfAStatefulSetComesBackUnderItsNameWhenTheOldOneIsGone() {
        KubePod before = pods("db").get(0);

        assertThat(ports.kube().evict(before).answer()).isEqualTo(Answer.ACCEPTED);

        assertThat(pods("db")).extracting(KubePod::name).containsExactly("db-0", "db-1", "db-2");
        assertThat(pods("db").get(0).terminating()).isTrue();
        ports.clock().sleep(Duration.ofSeconds(15));
        assertThat(pods("db").get(0).uid()).isNotEqualTo(before.uid());
        assertThat(pods("db")).allMatch(KubePod::ready);
    }

    @Test
    void evictedPodsGoWhereTheyMayBe() {
        NodeName w1 = new NodeName("w1");
        ports.kube().cordon(w1, "belay-1");
        drain(ports, w1);
        ports.clock().sleep(Duration.ofSeconds(30));

        assertThat(ports.kube().podsOn(w1)).allMatch(pod -> pod.ownedBy("DaemonSet"));
        assertThat(ports.kube().workloads()).allMatch(Workload::available);
        assertThat(ports.kube().pods("shop", Map.of()))
                .noneMatch(pod -> pod.node().startsWith("cp"));
    }

    @Test
    void withTheOnlyWorkerCordonedPodsWaitForIt() {
        Ports small = SimulatedCluster.of(ClusterShape.small(V33)).connect().ports();
        NodeName w1 = new NodeName("w1");
        small.kube().cordon(w1, "belay-1");
        drain(small, w1);
        small.clock().sleep(Duration.ofMinutes(1));
        assertThat(small.kube().pods("shop", Map.of())).isNotEmpty().allMatch(pod -> pod.phase()
                .equals("Pending"));

        small.kube().uncordon(w1, "belay-1");
        small.clock().sleep(Duration.ofSeconds(30));

        assertThat(small.kube().workloads()).allMatch(Workload::available);
    }

    @Test
    void aProbeLooksUpNamesAndSaysSo() {
        ports.kube().apply(probe("nslookup kubernetes.default.svc.cluster.local && echo resolved"));
        ports.clock().sleep(Duration.ofSeconds(20));

        assertThat(ports.kube().pods("probes", Map.of()))
                .singleElement()
                .satisfies(pod -> assertThat(pod.phase()).isEqualTo("Succeeded"))
                .satisfies(pod -> assertThat(pod.node()).isEqualTo("w3"));
        assertThat(ports.kube().log("probes", "probe")).contains("Address: 10.96.0.1", "resolved");

        ports.kube().delete(probe("true"), Duration.ofMinutes(1));
        assertThat(ports.kube().pods("probes", Map.of())).isEmpty();
    }

    @Test
    void withoutClusterDnsAProbeFails() {
        ports.kube().pods("kube-system", Map.of("k8s-app", "kube-dns")).stream()
                .map(KubePod::node)
                .distinct()
                .forEach(node -> cluster.powerCut(new NodeName(node), Duration.ofHours(1)));
        ports.clock().sleep(Duration.ofMinutes(1));

        ports.kube().apply(probe("nslookup kubernetes.default"));
        ports.clock().sleep(Duration.ofSeconds(20));

        assertThat(ports.kube().pods("probes", Map.of())).singleElement().satisfies(pod -> assertThat(pod.phase())
                .isEqualTo("Failed"));
        assertThat(ports.kube().log("probes", "probe")).contains("no servers could be reached");
    }

    @Test
    void fiveThousandNodesAreMadeAndDrained() {
        Ports large =
                SimulatedCluster.of(ClusterShape.sized(V33, 3, 5000)).connect().ports();

        for (int i = 1; i <= 5000; i++) {
            NodeName node = new NodeName("w" + i);
            large.kube().cordon(node, "belay-1");
            drain(large, node);
            large.kube().uncordon(node, "belay-1");
        }

        large.clock().sleep(Duration.ofMinutes(1));
        assertThat(large.kube().nodes()).hasSize(5003);
        assertThat(large.kube().workloads()).allMatch(Workload::available);
    }

    private static void drain(Ports ports, NodeName node) {
        List<KubePod> left = evictable(ports, node);
        for (int round = 0; round < 100 && !left.isEmpty(); round++) {
            left.forEach(ports.kube()::evict);
            ports.clock().sleep(Duration.ofSeconds(5));
            left = evictable(ports, node);
        }
        assertThat(left).isEmpty();
    }

    private static List<KubePod> evictable(Ports ports, NodeName node) {
        return ports.kube().podsOn(node).stream()
                .filter(pod -> !pod.ownedBy("DaemonSet") && !pod.mirror())
                .toList();
    }

    private List<KubePod> pods(String app) {
        return ports.kube().pods("shop", Map.of("app", app));
    }

    private static String probe(String script) {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: probes}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: probe, namespace: probes}
                spec:
                  nodeName: w3
                  restartPolicy: Never
                  containers:
                    - {name: probe, image: registry.k8s.io/e2e-test-images/busybox:1.36.1-1, command: [sh, -c, '%s']}
                """.formatted(script);
    }
}
