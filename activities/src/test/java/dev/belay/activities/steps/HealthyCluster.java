package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.fake.TestPki;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster with which nothing is wrong, for a test to spoil. */
abstract class HealthyCluster {

    static final Nothing NONE = new Nothing();
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant LATER = Instant.parse("2036-01-01T00:00:00Z");
    static final TestPki CA = new TestPki("kubernetes", BEGIN, LATER);
    static final TestPki ETCD_CA = new TestPki("etcd-ca", BEGIN, LATER);

    final FakeWorld world = new FakeWorld();

    @BeforeEach
    void healthy() {
        world.kube.configMaps.put("kube-system/kube-root-ca.crt", Map.of("ca.crt", CA.ca()));
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1.33.13\n"));
        for (String node : List.of("cp1", "cp2", "w1")) {
            FakeHost host = world.host(node);
            host.says("id -u", "0");
            host.file("/etc/kubernetes/pki/ca.crt", CA.ca());
            host.says("systemctl is-active kubelet", "active");
            host.says("stat -fc %T /sys/fs/cgroup", "cgroup2fs");
            for (String path : List.of("/etc/kubernetes", "/var/lib/containerd", "/var")) {
                host.says("df -B1 --output=avail,size " + path, "     Avail 1B-blocks\n9000000000 20000000000");
            }
        }
        for (String node : List.of("cp1", "cp2")) {
            for (String component : StaticPods.KUBERNETES) {
                manifest(node, component, "registry.k8s.io/" + component + ":v1.33.13", "--v=2");
            }
            manifest(node, "etcd", "registry.k8s.io/etcd:3.5.24-0", "--name=" + node);
        }
    }

    void manifest(String node, String component, String image, String flag) {
        world.host(node).file("/etc/kubernetes/manifests/" + component + ".yaml", """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %s, labels: {component: %s}}
                        spec:
                          containers:
                          - name: %s
                            image: %s
                            command: [%s, %s]
                        """.formatted(
                        component, component, component, image, component, flag));
    }

    static Failure failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StepFailure.class, call).failure();
    }

    @Test
    void anApiServerMayBeReadyAtAnotherVersion() {
        world.kube.apiServers.put(
                new NodeName("cp1"), new ApiServerHealth(Optional.of(FakeWorld.TO), false, "[-]etcd failed"));

        assertThat(ControlPlanes.notReady(world.context("x")))
                .containsExactly("the API server of cp1 is not ready: [-]etcd failed");
    }
}
