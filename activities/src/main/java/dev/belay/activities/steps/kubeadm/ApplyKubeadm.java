package dev.belay.activities.steps.kubeadm;

import dev.belay.activities.Done;
import dev.belay.activities.Reversible;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubeadm upgrade apply} on the first control plane, as a job on the node that survives this worker. Killing kubeadm half-way leaves
 * no way back, so nothing here does; its own preflight is shown whole, and checks to ignore come from the inventory alone.
 */
public final class ApplyKubeadm extends DeclaredStep<Nothing, KubeadmOutcome>
        implements Reversible<Nothing, KubeadmOutcome> {

    public ApplyKubeadm() {
        super(
                "kubeadm.apply",
                "Runs `kubeadm upgrade apply` on the first control plane, once, and looks whether its static pods are new",
                Nothing.class,
                KubeadmOutcome.class,
                Traits.node("45m", "3m").effect("upgrade applied"));
    }

    @Override
    public Done<KubeadmOutcome> run(Nothing input, StepContext context) {
        String target = context.call().hop().to().toString();
        KubeadmCommand command = KubeadmCommand.upgrade(context, "apply", target, "--yes");
        return new ControlPlaneUpgrade(context, command, "`kubeadm upgrade apply`").run();
    }

    @Override
    public String reverse(Nothing input, @Nullable KubeadmOutcome output, StepContext context) {
        return ControlPlaneReversal.of(context).controlPlane(true);
    }
}
