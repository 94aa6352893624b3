package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.Done;
import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.kubeadm.ApplyKubeadm;
import dev.belay.activities.steps.kubeadm.KubeadmOutcome;
import dev.belay.model.run.Failure;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/** Nodes whose kubeadm does what a test wants. */
abstract class KubeadmNodes {

    static final Nothing NONE = new Nothing();
    static final String APPLY = "kubeadm upgrade apply v1.34.4 --yes";
    static final String PREFLIGHT = """
            [preflight] Running pre-flight checks.
            [preflight] Some fatal errors occurred:
            	[ERROR CreateJob]: Job "upgrade-health-check-x" in the namespace "kube-system" did not complete in 15s: no condition of type Complete
            	[ERROR ControlPlaneNodesReady]: there are NotReady control-planes in the cluster: [cp2]
            	more of it
            [preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`
            error: error execution phase preflight: preflight checks failed
            To see the stack trace of this error execute with --v=5 or higher
            """;

    final FakeWorld world = new FakeWorld();
    final FakeHost host = world.host("cp1");

    @BeforeEach
    void machine() {
        for (String node : List.of("cp1", "cp2", "w1")) {
            world.host(node).says("kubeadm version -o short", "v1.34.4");
        }
        manifests("cp1", "v1.33.13");
        manifests("cp2", "v1.33.13");
        record("v1.33.13");
        host.job(APPLY, () -> moved("cp1"));
        world.host("cp2").job("kubeadm upgrade node", () -> moved("cp2"));
        world.host("w1").job("kubeadm upgrade node", () -> world.host("w1")
                .file("/var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\n"));
    }

    void manifests(String node, String version) {
        for (String component : StaticPods.KUBERNETES) {
            world.host(node)
                    .file(
                            "/etc/kubernetes/manifests/" + component + ".yaml",
                            "metadata: {name: " + component + "}\nspec: {containers: [{image: \"registry.k8s.io/"
                                    + component + ":" + version + "\"}]}\n");
        }
    }

    void record(String version) {
        world.kube.configMaps.put(
                "kube-system/kubeadm-config", Map.of("ClusterConfiguration", "kubernetesVersion: " + version + "\n"));
    }

    void moved(String node) {
        manifests(node, "v1.34.4");
        world.kube.apiServer(node, "v1.34.4");
        record("v1.34.4");
    }

    Done<KubeadmOutcome> apply() {
        return new ApplyKubeadm().run(NONE, world.on("cp1", "kubeadm.apply"));
    }

    static Failure failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StepFailure.class, call).failure();
    }

    JobOutcome succeeded() {
        moved("cp1");
        return FakeHost.ended(0, "SUCCESS");
    }
}
