package dev.belay.activities.steps.kubeadm;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.Jobs;
import dev.belay.activities.steps.Jobs.Ended;
import dev.belay.activities.steps.Jobs.Task;
import dev.belay.activities.steps.packages.AptPackages;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.IgnoredPreflightError;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One kubeadm command as a job. Its own health check gives a Job 15 seconds, too few on a busy cluster (kubernetes/kubeadm#3282): when that
 * alone refused, or when the API gave no answer before anything was changed, the command is tried again.
 */
record KubeadmCommand(StepContext context, List<String> argv) {

    private static final Set<String> HASTY = Set.of("CreateJob");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,99}");
    private static final int TRIES = 4;

    static KubeadmCommand upgrade(StepContext context, String... words) {
        List<String> argv = new ArrayList<>(List.of("kubeadm", "upgrade"));
        argv.addAll(List.of(words));
        List<String> ignored = context.inventory().ignorePreflightErrors().stream()
                .map(IgnoredPreflightError::name)
                .toList();
        for (String name : ignored) {
            if (!NAME.matcher(name).matches() || name.equalsIgnoreCase("all")) {
                throw StepFailure.of(
                        FailureKind.PERMANENT,
                        "BAD_INVENTORY",
                        "kubeadm.ignorePreflightErrors: \"" + name.replaceAll("\\p{Cntrl}", "?")
                                + "\" is not the name of one check",
                        "name each check that may fail, never all");
            }
        }
        if (!ignored.isEmpty()) {
            argv.add("--ignore-preflight-errors=" + String.join(",", ignored));
        }
        return new KubeadmCommand(context, argv);
    }

    /** An earlier attempt began it, so what is seen now may be half of its work. */
    boolean begun() {
        return new Jobs(context, context.call().timeout()).begun("kubeadm");
    }

    /**
     * Runs it to its end.
     *
     * @param needless looked at before a try that never began
     * @return how it ended: well, found needless, or not known
     */
    Ended run(BooleanSupplier needless) {
        requireKubeadm();
        Ended ended = new Jobs(context, context.call().timeout())
                .run(new Task("kubeadm", argv, Map.of(), TRIES), needless, KubeadmCommand::isPassing);
        JobOutcome outcome = ended.outcome();
        if (outcome.known() && !outcome.ok()) {
            throw failure(outcome);
        }
        return ended;
    }

    private static boolean isPassing(JobOutcome outcome) {
        if (!outcome.known() || outcome.ok()) {
            return false;
        }
        KubeadmOutput output = new KubeadmOutput(outcome.output());
        Set<String> refused = output.preflightErrors().keySet();
        return refused.equals(HASTY) || (refused.isEmpty() && output.hadNoAnswer());
    }

    private void requireKubeadm() {
        Optional<KubernetesVersion> version = AptPackages.kubeadm(context.host());
        KubernetesVersion target = context.call().hop().to();
        if (!version.equals(Optional.of(target))) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "KUBEADM_VERSION",
                    context.node() + ": kubeadm is "
                            + version.map(Object::toString).orElse("not there") + ", the hop needs " + target
                            + " itself",
                    "install kubeadm " + target + " on " + context.node() + " (packages.install), then retry");
        }
    }

    private StepFailure failure(JobOutcome outcome) {
        KubeadmOutput output = new KubeadmOutput(outcome.output());
        Map<String, String> preflight = output.preflightErrors();
        String command = "`" + String.join(" ", argv) + "`";
        if (!preflight.isEmpty()) {
            String all = preflight.entrySet().stream()
                    .map(error -> "[ERROR " + error.getKey() + "]: " + error.getValue())
                    .collect(Collectors.joining(" "));
            return StepFailure.of(
                            FailureKind.PRECONDITION,
                            "KUBEADM_PREFLIGHT",
                            context.node() + ": kubeadm's preflight refused, nothing was changed: " + all,
                            "put right what it names, then retry; what this machine cannot satisfy belongs into the inventory's kubeadm.ignorePreflightErrors, by name, with a reason and an owner")
                    .withEvidence(outcome.output());
        }
        return StepFailure.of(
                        FailureKind.PERMANENT,
                        "KUBEADM_FAILED",
                        context.node() + ": " + command + " ended with " + outcome.exit() + ": " + output.fatal(),
                        output.next(
                                "read the evidence and the node's kubelet log; running the command again is kubeadm's own way to recover, so retry when the cause is gone"))
                .withEvidence(outcome.output());
    }
}
