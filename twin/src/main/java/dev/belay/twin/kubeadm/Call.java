package dev.belay.twin.kubeadm;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.twin.machine.JobFaults;
import dev.belay.twin.machine.Machine;
import java.util.Set;

/**
 * One {@code kubeadm upgrade ...}.
 *
 * @param verb {@code plan}, {@code apply} or {@code node}
 * @param binary the version of the kubeadm that runs
 * @param target the version asked for; for {@code node} the cluster's
 * @param ignored preflight errors, in lower case
 */
record Call(
        Machine machine,
        Site site,
        String verb,
        KubernetesVersion binary,
        KubernetesVersion target,
        Set<String> ignored,
        JobFaults faults) {

    /** The wording changed when apply got phases. */
    boolean hasPhases() {
        return binary.minor() >= 32;
    }

    ClusterConfiguration next() {
        return site.configuration().upgraded(target);
    }
}
