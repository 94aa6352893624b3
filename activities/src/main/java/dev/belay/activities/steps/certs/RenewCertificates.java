package dev.belay.activities.steps.certs;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Jobs;
import dev.belay.activities.steps.Jobs.Ended;
import dev.belay.activities.steps.Jobs.Task;
import dev.belay.activities.steps.StaticPodRestart;
import dev.belay.activities.steps.staticpods.RestartStaticPods;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code kubeadm certs renew all} on one control plane as a durable job, when one of its certificates ends within a time. kubeadm keeps names
 * and subjects as they are, and restarts nothing: the static pods are restarted here, one by one. The new {@code admin.conf} goes where the
 * inventory wants copies of it. What kubeadm may not renew, since its CA's key is elsewhere, is named.
 */
public final class RenewCertificates extends DeclaredStep<RenewCertificates.Input, RenewCertificates.Output> {

    private static final List<String> RENEW = List.of("kubeadm", "certs", "renew", "all");

    public record Input(
            @Doc(value = "Renew when one of them ends within this time", byDefault = "720h")
            Duration within,

            @Doc(value = "Restart the static pods too; else staticPods.restart must follow", byDefault = "true")
            boolean restart,

            @Doc(
                    value = "Go on although etcd has no quorum, as when every certificate has expired",
                    byDefault = "false")
            boolean outage) {}

    public record Output(
            @Doc("Certificates and kubeconfigs that were renewed")
            int renewed,

            @Doc("When the first of this node's ends now, RFC 3339")
            String firstEnd,

            @Doc("Components that were restarted, with the first digits of their new containers")
            List<String> restarted,

            @Doc("Where copies of admin.conf were replaced") List<String> copies) {}

    public RenewCertificates() {
        super(
                "certs.renew",
                "Renews what kubeadm manages on a control plane, restarts its static pods one by one, and hands on admin.conf",
                Input.class,
                Output.class,
                Traits.node("40m", "3m").effect("certificates renewed"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        HostEntry entry = context.inventory().host(context.node()).orElseThrow();
        Jobs jobs = new Jobs(context, context.call().timeout());
        Map<String, Instant> before = ends(entry, context);
        Ended ended = jobs.run(
                new Task("renew", RENEW, Map.of(), 1),
                () -> due(ends(entry, context), input, context).isEmpty(),
                outcome -> false);
        requireEnded(context, ended.outcome());
        Map<String, Instant> after = ends(entry, context);
        boolean rejoined = ended.ran() && ended.outcome().rejoined();
        requireRenewed(entry, rejoined ? Map.of() : before, after, input, context);
        List<String> restarted = input.restart()
                ? RestartStaticPods.Output.of(new StaticPodRestart(context, context.host(), input.outage()).run())
                        .restarted()
                : List.of();
        List<String> copies = new AdminCopies(context).replace();
        int renewed = (int) after.entrySet().stream()
                .filter(one -> rejoined || !one.getValue().equals(before.get(one.getKey())))
                .count();
        Instant first = after.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
        Output output = new Output(renewed, first.toString(), restarted, copies);
        return done(context, output, ended.ran());
    }

    private static Done<Output> done(StepContext context, Output output, boolean ran) {
        String ends = "the first certificate of " + context.node() + " ends " + output.firstEnd();
        if (!ran && output.restarted().isEmpty() && output.copies().isEmpty()) {
            return Done.already(output, ends + ", and the static pods run with what is there");
        }
        return Done.done(
                output,
                ends + "; new containers: "
                        + (output.restarted().isEmpty() ? "none" : Await.named(output.restarted())));
    }

    private static Map<String, Instant> ends(HostEntry entry, StepContext context) {
        NodePki pki = NodePkiReading.of(entry, context.hosts().on(entry.node()));
        Map<String, Instant> ends = new TreeMap<>();
        PkiFiles.LEAVES.keySet().forEach(leaf -> pki.file(leaf)
                .ifPresent(
                        one -> ends.put(PkiFiles.PKI + leaf, one.getNotAfter().toInstant())));
        pki.kubeconfigs().forEach((path, identity) -> {
            if (!path.equals(PkiFiles.KUBELET_CONF)) {
                identity.client()
                        .ifPresent(one -> ends.put(path, one.getNotAfter().toInstant()));
            }
        });
        return ends;
    }

    private static List<String> due(Map<String, Instant> ends, Input input, StepContext context) {
        Instant limit = context.clock().now().plus(input.within());
        return ends.entrySet().stream()
                .filter(one -> one.getValue().isBefore(limit))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void requireEnded(StepContext context, JobOutcome outcome) {
        if (!outcome.known() || outcome.ok()) {
            return;
        }
        throw StepFailure.of(
                        FailureKind.PERMANENT,
                        "KUBEADM_FAILED",
                        context.node() + ": `" + String.join(" ", RENEW) + "` ended with " + outcome.exit(),
                        "read the evidence; renewing again is harmless, so retry when the cause is gone")
                .withEvidence(outcome.output());
    }

    /**
     * What is due still, and ends no later than before, was not renewed, whatever kubeadm's exit code.
     *
     * @param before empty when the job was begun by an earlier attempt: then only what has expired is known not to be renewed
     */
    private static void requireRenewed(
            HostEntry entry,
            Map<String, Instant> before,
            Map<String, Instant> after,
            Input input,
            StepContext context) {
        List<String> left = new ArrayList<>(due(after, input, context));
        Instant now = context.clock().now();
        left.removeIf(path -> after.getOrDefault(path, Instant.MIN)
                .isAfter(before.getOrDefault(path, before.isEmpty() ? now : Instant.MAX)));
        if (left.isEmpty()) {
            return;
        }
        NodePki pki = NodePkiReading.of(entry, context.hosts().on(entry.node()));
        Set<String> keyed = pki.fits().keySet();
        List<String> external =
                PkiFiles.CAS.stream().filter(ca -> !keyed.contains(ca)).toList();
        throw StepFailure.of(
                FailureKind.PRECONDITION,
                external.isEmpty() ? "NOT_RENEWED" : "CA_EXTERNAL",
                entry.node() + ": kubeadm did not renew " + Await.named(left)
                        + (external.isEmpty() ? "" : ", since the keys of " + external + " are not on the node"),
                external.isEmpty()
                        ? "run `kubeadm certs renew all` on the node and read what it says"
                        : "certs.issue with mode `requests`, the CA's owner signs, certs.issue with mode `import`");
    }
}
