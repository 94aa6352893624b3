package dev.belay.activities.steps.packages;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.Reversible;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Installs packages at the hop's version: the apt source is turned to the repository of its minor, only what was held is released, and held
 * again afterwards. Undoing puts the source file and the holds back as they were found; versions stay, because a package that is taken down
 * under a running cluster does more harm than one that waits. Reversing, which only a rung of the ladder asks for, takes them down.
 */
public final class InstallPackages extends DeclaredStep<InstallPackages.Input, InstallPackages.Output>
        implements Undoable<InstallPackages.Input, InstallPackages.Output>,
                Reversible<InstallPackages.Input, InstallPackages.Output> {

    public record Input(
            @Doc(
                    value = "What to install at the hop's version",
                    oneOf = {"kubeadm", "kubelet", "kubectl"})
            List<String> packages,

            @Doc(
                    value = "Hold kubeadm, kubelet and kubectl afterwards; false holds only what was held before",
                    byDefault = "true")
            boolean hold,

            @Doc(
                    value =
                            "A newer package may be taken down to the hop's version: only where a runbook leads back, after people said yes",
                    byDefault = "false")
            boolean downgrade) {

        public Input {
            packages = List.copyOf(packages);
        }
    }

    public record Output(
            @Doc("The version installed") KubernetesVersion version,
            @Doc("The packages") List<String> packages) {}

    public InstallPackages() {
        super(
                "packages.install",
                "Installs packages at the hop's version from the repository of its minor; what was held is held again",
                Input.class,
                Output.class,
                Traits.node("15m", "20s").effect("packages changed"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        boolean changed = new AptPackages(context, context.call().hop().to(), input.downgrade())
                .install(input.packages(), input.hold());
        Output output = new Output(context.call().hop().to(), input.packages());
        String what = String.join(", ", input.packages()) + " " + output.version();
        return changed
                ? Done.done(output, what + " installed and held")
                : Done.already(output, what + " is installed and held");
    }

    @Override
    public String undo(Input input, @Nullable Output output, StepContext context) {
        return new AptPackages(context).putBack();
    }

    @Override
    public String reverse(Input input, @Nullable Output output, StepContext context) {
        String down = new AptPackages(context).takeDown(input.packages());
        return down + "; " + new AptPackages(context).putBack();
    }
}
