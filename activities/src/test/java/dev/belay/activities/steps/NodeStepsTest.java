package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.kube.ApiServerHealth;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.controlplane.AwaitControlPlane;
import dev.belay.activities.steps.node.AwaitNodeReady;
import dev.belay.activities.steps.node.UpgradeKubelet;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NodeStepsTest extends NodeSteps {

    @Nested
    class Kubelet {

        private static final String INSTALL =
                "apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold kubectl=1.34.4-1.1 kubelet=1.34.4-1.1";
        private final FakeHost host = world.host("w1");
        private final Map<String, String> installed =
                new TreeMap<>(Map.of("kubeadm", "1.34.4-1.1", "kubelet", "1.33.13-1.1", "kubectl", "1.33.13-1.1"));
        private final TreeSet<String> held = new TreeSet<>(List.of("kubeadm", "kubectl", "kubelet"));

        @BeforeEach
        void machine() {
            cordoned();
            world.kube.apiServer("cp1", "v1.34.4");
            world.kube.apiServer("cp2", "v1.34.4");
            for (String name : List.copyOf(installed.keySet())) {
                host.answers.put(
                        "dpkg-query -W -f ${Version} " + name, () -> new CommandOutput(0, installed.get(name), ""));
                host.says("apt-cache madison " + name, name + " | 1.34.4-1.1 | http://repo");
            }
            host.answers.put("apt-mark showhold", () -> new CommandOutput(0, String.join("\n", held), ""));
            host.answers.put("apt-mark unhold kubectl kubelet", () -> {
                held.removeAll(List.of("kubectl", "kubelet"));
                return new CommandOutput(0, "", "");
            });
            host.answers.put("apt-mark hold kubectl kubelet", () -> {
                held.addAll(List.of("kubectl", "kubelet"));
                return new CommandOutput(0, "", "");
            });
            host.job(INSTALL, () -> installed.putAll(Map.of("kubelet", "1.34.4-1.1", "kubectl", "1.34.4-1.1")));
            host.says("systemctl daemon-reload", "");
            host.answers.put("systemctl restart kubelet", () -> {
                world.kube.node(FakeKube.kubelet(world.kube.nodes.get(W1), "v1.34.4", true));
                return new CommandOutput(0, "", "");
            });
            host.says("systemctl is-active kubelet", "active");
        }

        private Done<UpgradeKubelet.Output> upgrade() {
            return new UpgradeKubelet().run(NONE, world.on("w1", "node.upgradeKubelet"));
        }

        @Test
        void installsReloadsAndRestartsInThisOrder() {
            assertThat(upgrade().state()).isEqualTo(StepState.DONE);
            assertThat(world.effects)
                    .containsSubsequence(
                            "w1: apt-mark unhold kubectl kubelet",
                            "w1: " + INSTALL,
                            "w1: apt-mark hold kubectl kubelet",
                            "w1: systemctl daemon-reload",
                            "w1: systemctl restart kubelet");
            assertThat(held).hasSize(3);
        }

        @Test
        void restartsAKubeletThatWasInstalledButStillRunsOld() {
            installed.putAll(Map.of("kubelet", "1.34.4-1.1", "kubectl", "1.34.4-1.1"));

            assertThat(upgrade().state()).isEqualTo(StepState.DONE);
            assertThat(world.effects).containsExactly("w1: systemctl daemon-reload", "w1: systemctl restart kubelet");
            world.effects.clear();
            assertThat(upgrade().state()).isEqualTo(StepState.ALREADY_DONE);
            assertThat(world.effects).isEmpty();
        }

        @Test
        void neverPutsAKubeletBeforeAnApiServer() {
            world.kube.apiServer("cp2", "v1.33.13");

            assertThat(failureOf(this::upgrade).code()).isEqualTo("VERSION_SKEW");
            assertThat(world.effects).isEmpty();
        }

        @Test
        void refusesANodeThatStillTakesPods() {
            world.kube.node("w1", false, "v1.33.13");

            assertThat(failureOf(this::upgrade).code()).isEqualTo("NOT_CORDONED");
            assertThat(world.effects).isEmpty();
        }

        @Test
        void saysWhenTheKubeletDoesNotComeUp() {
            host.fails("systemctl is-active kubelet", 3, "");

            Failure failure = failureOf(this::upgrade);

            assertThat(failure.code()).isEqualTo("KUBELET_DOWN");
            assertThat(failure.next()).contains("journalctl -u kubelet");
        }
    }

    @Nested
    class Ready {

        private Done<AwaitNodeReady.Output> await() {
            return new AwaitNodeReady()
                    .run(new AwaitNodeReady.Input(Duration.ofSeconds(10)), world.on("w1", "node.awaitReady"));
        }

        @Test
        void waitsUntilTheNodeHasBeenWellForAWhile() {
            int[] ticks = new int[1];
            world.clock.onTick(() -> {
                if (++ticks[0] == 2) {
                    world.kube.node("w1", false, "v1.34.4");
                }
            });
            var start = world.clock.now();

            assertThat(await().output().version()).isEqualTo(FakeWorld.TO);
            assertThat(Duration.between(start, world.clock.now())).isEqualTo(Duration.ofSeconds(14));
        }

        @Test
        void beginsToCountAgainWhenAContainerRestarts() {
            world.kube.node("w1", false, "v1.34.4");
            KubePod proxy = FakeKube.pod("kube-system", "kube-proxy", "w1", "DaemonSet/kube-proxy");
            world.kube.pods.add(proxy);
            int[] ticks = new int[1];
            world.clock.onTick(() -> {
                if (++ticks[0] == 3) {
                    world.kube.pods.set(0, like(proxy, false, false, "Running", proxy.images(), List.of("later")));
                }
            });
            var start = world.clock.now();

            await();

            assertThat(Duration.between(start, world.clock.now())).isEqualTo(Duration.ofSeconds(16));
        }

        @Test
        void saysWhatIsMissingWhenTimeIsUp() {
            world.kube.node(FakeKube.kubelet(world.kube.nodes.get(W1), "v1.33.13", false));

            Failure failure = failureOf(this::await);

            assertThat(failure.code()).isEqualTo("NODE_NOT_READY");
            assertThat(failure.why()).contains("node w1 is not Ready").contains("the kubelet of w1 is at v1.33.13");
        }
    }

    @Nested
    class ControlPlane {

        private static final List<String> COMPONENTS =
                List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler");

        @BeforeEach
        void pods() {
            for (String component : COMPONENTS) {
                String image = "registry.k8s.io/" + component + ":v1.34.4";
                world.host("cp1")
                        .file(
                                "/etc/kubernetes/manifests/" + component + ".yaml",
                                "metadata: {labels: {component: " + component + "}}\nspec: {containers: [{image: \""
                                        + image + "\"}]}\n");
                world.kube.pods.add(mirror(component, image, "now"));
            }
        }

        private KubePod mirror(String component, String image, String start) {
            KubePod pod = FakeKube.pod("kube-system", component + "-cp1", "cp1", "Node/cp1");
            return new KubePod(
                    pod.namespace(),
                    pod.name(),
                    pod.uid(),
                    "cp1",
                    pod.owner(),
                    true,
                    false,
                    "Running",
                    true,
                    false,
                    pod.gracePeriod(),
                    Map.of("component", component),
                    List.of(image),
                    List.of(start));
        }

        private Done<AwaitControlPlane.Output> await() {
            return new AwaitControlPlane().run(NONE, world.on("cp1", "controlPlane.awaitHealthy"));
        }

        @Test
        void opensAfterTwoGoodLooks() {
            var start = world.clock.now();

            assertThat(await().output()).isEqualTo(new AwaitControlPlane.Output(2, 500));
            assertThat(Duration.between(start, world.clock.now())).isEqualTo(Duration.ofSeconds(3));
        }

        @Test
        void waitsForAMemberThatCatchesUpAndForAnApiServer() {
            MemberStatus good = world.etcd.statuses.get("cp2");
            world.etcd.statuses.put(
                    "cp2",
                    new MemberStatus("1", "101", "100", "3.5.35", 500, 3, 20_000, 100, 1, 1, false, List.of(), "", ""));
            world.kube.apiServers.put(
                    new NodeName("cp2"), new ApiServerHealth(Optional.empty(), false, "connection refused"));
            int[] ticks = new int[1];
            world.clock.onTick(() -> {
                if (++ticks[0] == 4) {
                    world.etcd.statuses.put("cp2", good);
                    world.kube.apiServer("cp2", "v1.33.13");
                }
            });

            assertThat(await().state()).isEqualTo(StepState.DONE);
            assertThat(ticks[0]).isEqualTo(5);
        }

        @Test
        void isNotFooledByAPodBetweenTwoRestarts() {
            world.clock.onTick(() -> {
                world.kube.pods.set(
                        0,
                        mirror(
                                "etcd",
                                "registry.k8s.io/etcd:v1.34.4",
                                world.clock.now().toString()));
            });

            assertThat(failureOf(this::await).why()).contains("two looks in a row");
        }

        @Test
        void namesAMirrorPodThatIsMissingOrRunsSomethingElse() {
            world.kube.pods.set(1, mirror("kube-apiserver", "registry.k8s.io/kube-apiserver:v1.33.13", "now"));
            world.kube.pods.remove(3);

            Failure failure = failureOf(this::await);

            assertThat(failure.code()).isEqualTo("CONTROL_PLANE_UNHEALTHY");
            assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
            assertThat(failure.why())
                    .contains("kube-apiserver-cp1 runs [registry.k8s.io/kube-apiserver:v1.33.13]")
                    .contains("static pod kube-scheduler of cp1 has no mirror pod");
        }
    }
}
