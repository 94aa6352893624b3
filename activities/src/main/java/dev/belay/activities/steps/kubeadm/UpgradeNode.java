package dev.belay.activities.steps.kubeadm;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.activities.Done;
import dev.belay.activities.Reversible;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ClusterConfiguration;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Jobs;
import dev.belay.activities.steps.Jobs.Task;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.Yaml;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubeadm upgrade node}: on a further control plane it renews the static pods, on a worker it writes the kubelet's configuration.
 * kubeadm tells the two apart by the local manifest {@code kube-apiserver.yaml} alone, so that is compared with the inventory first. On a
 * worker it leaves no mark, takes seconds and may be repeated, so a job that was lost there is simply run again.
 */
public final class UpgradeNode extends DeclaredStep<Nothing, KubeadmOutcome>
        implements Reversible<Nothing, KubeadmOutcome> {

    private static final String CONFIG = "/var/lib/kubelet/config.yaml";

    public UpgradeNode() {
        super(
                "kubeadm.node",
                "Runs `kubeadm upgrade node`: new static pods on a further control plane, new kubelet configuration on a worker",
                Nothing.class,
                KubeadmOutcome.class,
                Traits.node("45m", "2m").effect("node configuration upgraded"));
    }

    @Override
    public Done<KubeadmOutcome> run(Nothing input, StepContext context) {
        boolean controlPlane = role(context) == NodeRole.CONTROL_PLANE;
        KubeadmCommand command = KubeadmCommand.upgrade(context, "node");
        if (!command.begun()) {
            requireApplied(context);
            requireRole(context, controlPlane);
        }
        return controlPlane
                ? new ControlPlaneUpgrade(context, command, "`kubeadm upgrade node`").run()
                : worker(context, command);
    }

    @Override
    public String reverse(Nothing input, @Nullable KubeadmOutcome output, StepContext context) {
        ControlPlaneReversal reversal = ControlPlaneReversal.of(context);
        return role(context) == NodeRole.CONTROL_PLANE ? reversal.controlPlane(false) : reversal.worker();
    }

    private static Done<KubeadmOutcome> worker(StepContext context, KubeadmCommand command) {
        JobOutcome outcome = command.run(() -> false).outcome();
        if (!outcome.known()) {
            outcome = new Jobs(context, context.call().timeout())
                    .run(new Task("again", command.argv(), Map.of(), 1), () -> false, any -> false)
                    .outcome();
        }
        verify(context, outcome);
        KubernetesVersion target = context.call().hop().to();
        return Done.done(new KubeadmOutcome(target), "kubelet configuration written by kubeadm " + target);
    }

    private static void verify(StepContext context, JobOutcome outcome) {
        String text = context.host()
                .read(CONFIG)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        if (!outcome.ok() || !isKubeletConfiguration(text)) {
            throw StepFailure.of(
                            outcome.known() ? FailureKind.PERMANENT : FailureKind.UNKNOWN,
                            outcome.known() ? "KUBEADM_NOT_VERIFIED" : "KUBEADM_LOST",
                            context.node() + ": after `kubeadm upgrade node` (exit " + outcome.exit() + ") " + CONFIG
                                    + (isKubeletConfiguration(text) ? " is there" : " is no KubeletConfiguration"),
                            "look at " + CONFIG + " on " + context.node() + ", then retry")
                    .withEvidence(outcome.output());
        }
    }

    private static boolean isKubeletConfiguration(String text) {
        try {
            var tree = Yaml.mapper().readTree(text);
            return tree != null && tree.path("kind").asText("").equals("KubeletConfiguration");
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static void requireApplied(StepContext context) {
        KubernetesVersion target = context.call().hop().to();
        Optional<KubernetesVersion> recorded = Await.answer(context, () -> ClusterConfiguration.of(context.kube()))
                .kubernetesVersion();
        if (!recorded.equals(Optional.of(target))) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "NOT_APPLIED",
                    "kubeadm-config says " + recorded.map(Object::toString).orElse("no version")
                            + ": `kubeadm upgrade apply " + target + "` has not been done on the first control plane",
                    "run kubeadm.apply there first");
        }
    }

    private static void requireRole(StepContext context, boolean controlPlane) {
        boolean manifest = StaticPods.of(context.host()).pod("kube-apiserver").isPresent();
        if (manifest != controlPlane) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "WRONG_MANIFESTS",
                    context.node() + " is a " + (controlPlane ? "control plane" : "worker") + " but has "
                            + (manifest ? "a" : "no")
                            + " static pod kube-apiserver: kubeadm would take it for the other kind",
                    "repair " + StaticPods.DIRECTORY + " on " + context.node() + " or the inventory, then retry");
        }
    }

    private static NodeRole role(StepContext context) {
        return context.inventory()
                .host(context.node())
                .map(HostEntry::role)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "UNKNOWN_NODE",
                        context.node() + " is not in the inventory",
                        "add it to the inventory's hosts"));
    }
}
