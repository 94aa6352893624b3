package dev.belay.model.plan;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.StepSignature;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that was agreed on before a run: it travels whole in the run's input, so that editing a file never changes a run under
 * way. The steps of each node are not in it; they follow from it ({@code Expansion}).
 *
 * @param inputs every input with its value, as text
 * @param signatures of the step types the runbook uses
 * @param inventoryDigest sha256 of the inventory's canonical JSON, references unresolved
 * @param ignorePreflightErrors from the inventory: kubeadm checks that may fail
 * @param digest sha256 of the canonical JSON of all other components: what a person approves
 */
public record Plan(
        Runbook runbook,
        String runbookDigest,
        ClusterFacts cluster,
        String inventoryDigest,
        List<IgnoredPreflightError> ignorePreflightErrors,
        KubernetesVersion from,
        KubernetesVersion to,
        List<Hop> hops,
        Map<String, String> inputs,
        Map<String, StepSignature> signatures,
        String digest) {

    public Plan {
        ignorePreflightErrors = List.copyOf(ignorePreflightErrors);
        hops = List.copyOf(hops);
        inputs = new TreeMap<>(inputs);
        signatures = new TreeMap<>(signatures);
    }

    /** The same under its digest. */
    Plan with(String sealed) {
        return new Plan(
                runbook,
                runbookDigest,
                cluster,
                inventoryDigest,
                ignorePreflightErrors,
                from,
                to,
                hops,
                inputs,
                signatures,
                sealed);
    }

    /** False for maintenance. */
    public boolean changesVersions() {
        return !from.equals(to);
    }

    /** It takes back what an earlier run did. */
    public boolean goesBack() {
        return runbook.purpose() == Purpose.ROLLBACK || to.compareTo(from) < 0;
    }
}
