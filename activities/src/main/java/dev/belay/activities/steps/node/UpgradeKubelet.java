package dev.belay.activities.steps.node;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.Reversible;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.RemovedFlags;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.activities.steps.packages.AptPackages;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packages kubelet and kubectl at the hop's version, then the kubelet restarted. Never before every API server is at least there: a kubelet
 * must not be newer than the API server it meets (F20). Between minors the node must be cordoned, since a new kubelet may restart every
 * container. Which kubelet runs is what the API says, not what dpkg says. Reversing takes packages, configuration and flags back to what they
 * were; the node must be cordoned for that too, and drained, since state files of a newer kubelet are not promised to be understood.
 */
public final class UpgradeKubelet extends DeclaredStep<Nothing, UpgradeKubelet.Output>
        implements Reversible<Nothing, UpgradeKubelet.Output> {

    private static final List<String> PACKAGES = List.of("kubelet", "kubectl");

    public record Output(
            @Doc("The version installed and restarted") KubernetesVersion version) {}

    public UpgradeKubelet() {
        super(
                "node.upgradeKubelet",
                "Installs kubelet and kubectl at the hop's version and restarts the kubelet",
                Nothing.class,
                Output.class,
                Traits.node("20m", "40s").effect("kubelet upgraded"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        KubernetesVersion target = context.call().hop().to();
        KubernetesVersion running = Await.answer(context, () -> running(context));
        if (!running.equals(target)) {
            requireReady(context, running, target);
        }
        boolean changed = new AptPackages(context).install(PACKAGES, true);
        if (!changed && running.equals(target)) {
            return Done.already(new Output(target), "kubelet " + target + " is installed and runs");
        }
        KubeletService kubelet = new KubeletService(context);
        if (!running.equals(target)) {
            kubelet.restart();
        }
        kubelet.awaitActive();
        return Done.done(new Output(target), "kubelet " + target + " installed and restarted");
    }

    @Override
    public String reverse(Nothing input, @Nullable Output output, StepContext context) {
        requireCordoned(context, "a kubelet that goes back");
        String packages = new AptPackages(context).takeDown(PACKAGES);
        KubeletService kubelet = new KubeletService(context);
        List<String> files = kubelet.putBack(KeptFiles.of(context, context.node()));
        kubelet.restart();
        kubelet.awaitActive();
        return packages + "; " + (files.isEmpty() ? "no file differed" : String.join(", ", files) + " put back")
                + "; kubelet restarted";
    }

    private static KubernetesVersion running(StepContext context) {
        return context.kube()
                .node(context.node())
                .map(KubeNode::kubelet)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "NODE_MISSING",
                        "node " + context.node() + " is not in the API",
                        "look at its kubelet: `journalctl -u kubelet`"));
    }

    private static void requireReady(StepContext context, KubernetesVersion running, KubernetesVersion target) {
        KubernetesVersion lowest = context.kube().lowestApiServer(ControlPlanes.of(context));
        if (lowest.compareTo(target) < 0) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "VERSION_SKEW",
                    "an API server is still at " + lowest + ": a kubelet of " + target + " must not meet it",
                    "raise every control plane first");
        }
        if (!running.sameMinor(target)) {
            requireCordoned(context, "a kubelet of a new minor");
        }
        List<String> flags =
                RemovedFlags.ofKubelet(context.host(), context.call().hop(), true);
        if (!flags.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "REMOVED_FLAG",
                    context.node() + ": " + Await.named(flags) + ", which kubelet " + target.minorText()
                            + " does not know",
                    "take the flag out on " + context.node() + ", then retry");
        }
    }

    private static void requireCordoned(StepContext context, String who) {
        boolean schedulable = context.kube()
                .node(context.node())
                .filter(KubeNode::schedulable)
                .isPresent();
        if (schedulable) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "NOT_CORDONED",
                    "node " + context.node() + " is schedulable: " + who + " may restart every container on it",
                    "cordon and drain it first (node.cordon, node.drain), then retry");
        }
    }
}
