package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What kubeadm's policy (phases/upgrade/policy.go) says against a target version. */
final class VersionPolicy {

    private VersionPolicy() {}

    static List<String> fatal(KubernetesVersion target, KubernetesVersion cluster, KubernetesVersion kubeadm) {
        List<String> errors = new ArrayList<>();
        if (target.minor() > cluster.minor() + 1) {
            errors.add("Specified version to upgrade to \"" + target
                    + "\" is too high; kubeadm can upgrade only 1 minor version at a time");
        }
        if (target.minor() < cluster.minor() - 1) {
            errors.add("Specified version to downgrade to \"" + target
                    + "\" is too low; kubeadm can downgrade only 1 minor version at a time");
        }
        if (target.minor() > kubeadm.minor()) {
            errors.add("Specified version to upgrade to \"" + target
                    + "\" is at least one minor release higher than the kubeadm minor release (" + target.minor()
                    + " > "
                    + kubeadm.minor() + "). Such an upgrade is not supported");
        }
        return errors;
    }

    /** Errors that {@code --force} would bypass. */
    static List<String> skippable(
            KubernetesVersion target, KubernetesVersion kubeadm, Collection<KubernetesVersion> kubelets) {
        List<String> errors = new ArrayList<>();
        if (target.minor() == kubeadm.minor() && target.compareTo(kubeadm) > 0) {
            errors.add("Specified version to upgrade to \"" + target + "\" is higher than the kubeadm version \""
                    + kubeadm + "\". Upgrade kubeadm first using the tool you used to install kubeadm");
        }
        if (kubeadm.minor() > target.minor()) {
            errors.add("Kubeadm version " + kubeadm + " can only be used to upgrade to Kubernetes version "
                    + kubeadm.minorText());
        }
        int skew = kubeadm.minor() >= 29 ? 3 : 1;
        List<String> old = new TreeSet<>(kubelets)
                .stream()
                        .filter(kubelet -> target.minor() > kubelet.minor() + skew)
                        .map(KubernetesVersion::toString)
                        .toList();
        if (!old.isEmpty()) {
            errors.add("There are kubelets in this cluster that are too old that have these versions " + old);
        }
        return errors;
    }
}
