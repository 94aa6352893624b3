package dev.belay.activities.steps.kubeadm;

import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Jobs.Ended;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import java.util.List;

/**
 * {@code kubeadm upgrade plan} with the version given (without it kubeadm asks the internet): its preflight, and whether it wants a person to
 * migrate a component's configuration first. Changes nothing but for kubeadm's own health-check Job.
 */
public final class PlanKubeadm extends DeclaredStep<Nothing, Nothing> {

    public PlanKubeadm() {
        super(
                "kubeadm.plan",
                "Lets the new kubeadm look: its preflight, and configurations that a person must migrate first",
                Nothing.class,
                Nothing.class,
                Traits.node("5m", "20s"));
    }

    @Override
    public Done<Nothing> run(Nothing input, StepContext context) {
        KubernetesVersion target = context.call().hop().to();
        KubeadmCommand command = KubeadmCommand.upgrade(context, "plan", target.toString());
        Ended ended = command.run(
                () -> StaticPods.of(context.host()).missingFor(target).isEmpty());
        if (!ended.ran()) {
            return Done.already(new Nothing(), context.node() + " is at " + target + " already");
        }
        if (!ended.outcome().known()) {
            throw StepFailure.of(
                    FailureKind.UNKNOWN,
                    "KUBEADM_LOST",
                    context.node() + ": `kubeadm upgrade plan` was lost, as when the node restarts; it changes nothing",
                    "look whether the node is well, then retry");
        }
        List<String> manual = new KubeadmOutput(ended.outcome().output()).manualUpgrades();
        if (!manual.isEmpty()) {
            throw StepFailure.of(
                            FailureKind.PRECONDITION,
                            "MANUAL_CONFIG_UPGRADE",
                            "kubeadm wants a person to migrate first: " + String.join(", ", manual),
                            "migrate these configurations as the output says, then retry")
                    .withEvidence(ended.outcome().output());
        }
        return Done.done(new Nothing(), "kubeadm " + target + " is ready to upgrade");
    }
}
