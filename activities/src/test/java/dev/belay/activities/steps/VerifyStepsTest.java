package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.kube.Workload;
import dev.belay.activities.steps.verify.VerifyDns;
import dev.belay.activities.steps.verify.VerifyStorage;
import dev.belay.activities.steps.verify.VerifyVersions;
import dev.belay.activities.steps.verify.VerifyWorkload;
import dev.belay.activities.steps.workloads.AwaitWorkloads;
import dev.belay.model.run.Failure;
import dev.belay.model.run.StepState;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VerifyStepsTest {

    private static final Nothing NONE = new Nothing();
    private static final String SPACE = "belay-0123abcd-it";

    private final FakeWorld world = new FakeWorld();

    private static Failure failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StepFailure.class, call).failure();
    }

    private void pod(String name, String phase) {
        KubePod pod = FakeKube.pod(SPACE, name, "w1", "");
        world.kube.pods.add(new KubePod(
                SPACE,
                name,
                pod.uid(),
                "w1",
                "",
                false,
                false,
                phase,
                false,
                false,
                pod.gracePeriod(),
                Map.of(),
                pod.images(),
                List.of()));
    }

    private void podsRun() {
        world.kube.onApply = manifests -> {
            for (int each = 0; each < 3; each++) {
                pod("probe-" + each, "Succeeded");
            }
        };
    }

    @Test
    void runsAPodOnEveryNodeInANamespaceOfItsOwnAndRemovesIt() {
        podsRun();
        world.kube.workloads.add(new Workload(SPACE, "Deployment", "placed", 1, 1, 1, true));

        assertThat(new VerifyWorkload()
                        .run(NONE, world.context("verify.workload"))
                        .output()
                        .nodes())
                .isEqualTo(3);
        assertThat(world.effects).containsExactly("delete", "apply", "delete");
        assertThat(world.kube.applied.get(0))
                .contains("name: " + SPACE, "nodeName: cp1", "nodeName: w1", "serviceAccountName: probe");
    }

    @Test
    void doesNotCallADeploymentAvailableThatNobodyScheduled() {
        podsRun();

        Failure failure = failureOf(() -> new VerifyWorkload().run(NONE, world.context("verify.workload")));

        assertThat(failure.code()).isEqualTo("WORKLOAD_NOT_RUN");
        assertThat(failure.why()).contains("Deployment " + SPACE + "/placed is not available");
        assertThat(world.effects).as("removed whatever happens").endsWith("delete");
    }

    @Test
    void waitsForEveryPodAndNotOnlyForThoseItSees() {
        world.kube.onApply = manifests -> pod("lookup-0", "Succeeded");
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1\n"));

        assertThat(failureOf(() -> new VerifyDns().run(NONE, world.context("verify.dns")))
                        .why())
                .contains("lookup-1 is not there")
                .contains("lookup-2 is not there");
    }

    @Test
    void keepsWhatAProbeSaid() {
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1\n"));
        world.kube.onApply = manifests -> pod("lookup-0", "Failed");
        world.kube.logs.put(SPACE + "/lookup-0", ";; connection timed out; no servers could be reached");

        Failure failure = failureOf(() -> new VerifyDns().run(NONE, world.context("verify.dns")));

        assertThat(failure.code()).isEqualTo("PROBE_FAILED");
        assertThat(failure.evidence()).contains("no servers could be reached");
    }

    @Test
    void letsNoDomainOfAClusterReachAShell() {
        world.kube.configMaps.put(
                "kube-system/kubeadm-config",
                Map.of("ClusterConfiguration", "networking: {dnsDomain: \"a'; rm -rf / #\"}\n"));
        world.kube.onApply = manifests -> pod("lookup-0", "Failed");

        failureOf(() -> new VerifyDns().run(NONE, world.context("verify.dns")));

        assertThat(world.kube.applied.get(0)).doesNotContain("rm -rf").contains("kubernetes.default.svc.cluster.local");
    }

    @Test
    void skipsStorageWithTheReasonAndTakesALeftoverAway() {
        VerifyStorage step = new VerifyStorage();

        assertThat(step.run(NONE, world.context("verify.storage")).state()).isEqualTo(StepState.SKIPPED);
        assertThat(step.run(NONE, world.context("verify.storage")).why()).contains("no default StorageClass");
        assertThat(world.effects).isEmpty();
        assertThat(step.undo(NONE, null, world.context("verify.storage"))).contains(SPACE + " is gone");
        assertThat(world.effects).containsExactly("delete");
    }

    @Test
    void namesEverythingThatIsNotAtTheHopsVersion() {
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1.33.13\n"));
        Failure failure = failureOf(() -> new VerifyVersions().run(NONE, world.context("verify.versions")));

        assertThat(failure.code()).isEqualTo("NOT_AT_VERSION");
        assertThat(failure.why())
                .contains("the kubelet of w1 is at v1.33.13")
                .contains("API server of cp2 answers v1.33.13 instead of v1.34.4")
                .contains("kubeadm-config does not say v1.34.4");
    }

    @Test
    void countsAKubeProxyThatStayedBehind() {
        for (String node : List.of("cp1", "cp2", "w1")) {
            world.kube.node(node, !node.equals("w1"), "v1.34.4");
            world.kube.apiServer(node, "v1.34.4");
            StaticPods.KUBERNETES.forEach(component -> world.host(node)
                    .file(
                            "/etc/kubernetes/manifests/" + component + ".yaml",
                            "metadata: {name: " + component + "}\nspec: {containers: [{image: \"r/x:v1.34.4\"}]}\n"));
        }
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: v1.34.4\n"));
        VerifyVersions step = new VerifyVersions();
        assertThat(step.run(NONE, world.context(step.name())).state()).isEqualTo(StepState.DONE);

        KubePod proxy = FakeKube.pod("kube-system", "kube-proxy-x", "w1", "DaemonSet/kube-proxy");
        world.kube.pods.add(new KubePod(
                proxy.namespace(),
                proxy.name(),
                proxy.uid(),
                "w1",
                proxy.owner(),
                false,
                false,
                "Running",
                true,
                false,
                proxy.gracePeriod(),
                Map.of("k8s-app", "kube-proxy"),
                List.of("r/kube-proxy:v1.33.13"),
                List.of()));

        assertThat(failureOf(() -> step.run(NONE, world.context(step.name()))).why())
                .contains("kube-system/kube-proxy-x runs [r/kube-proxy:v1.33.13]");
    }

    @Test
    void waitsForReplicasButNotForWhatWasBrokenBefore() {
        world.kube.workloads.add(new Workload("shop", "Deployment", "broken", 1, 1, 0, true));
        Baseline.of(world.context("check.nodes"));
        world.kube.workloads.add(new Workload("shop", "Deployment", "web", 2, 2, 1, true));
        world.clock.onTick(() -> world.kube.workloads.set(1, new Workload("shop", "Deployment", "web", 2, 2, 2, true)));

        AwaitWorkloads step = new AwaitWorkloads();
        AwaitWorkloads.Output output = step.run(new AwaitWorkloads.Input(null), world.on("w1", step.name()))
                .output();

        assertThat(output.available()).isEqualTo(1);
    }
}
