package dev.belay.model.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.approval.Person;
import dev.belay.model.approval.Signers;
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
 * @param people from the inventory: who may approve, and by which keys
 * @param digest sha256 of the canonical JSON of all other components: what a person approves
 */
public record Plan(
        Runbook runbook,
        String runbookDigest,
        ClusterFacts cluster,
        String inventoryDigest,
        List<IgnoredPreflightError> ignorePreflightErrors,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Person> people,
        KubernetesVersion from,
        KubernetesVersion to,
        List<Hop> hops,
        Map<String, String> inputs,
        Map<String, StepSignature> signatures,
        String digest) {

    public Plan {
        ignorePreflightErrors = List.copyOf(ignorePreflightErrors);
        people = people == null ? List.of() : List.copyOf(people);
        hops = List.copyOf(hops);
        inputs = new TreeMap<>(inputs);
        signatures = new TreeMap<>(signatures);
    }

    /** Of a cluster whose inventory lists nobody. */
    public Plan(
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
        this(
                runbook,
                runbookDigest,
                cluster,
                inventoryDigest,
                ignorePreflightErrors,
                List.of(),
                from,
                to,
                hops,
                inputs,
                signatures,
                digest);
    }

    /** The same under its digest. */
    Plan with(String sealed) {
        return new Plan(
                runbook,
                runbookDigest,
                cluster,
                inventoryDigest,
                ignorePreflightErrors,
                people,
                from,
                to,
                hops,
                inputs,
                signatures,
                sealed);
    }

    /** Whether people are asked on the way. */
    public boolean asks() {
        return new ApprovalFindings(runbook, signers()).asks();
    }

    /** Whose signatures count. */
    public Signers signers() {
        return new Signers(people);
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
