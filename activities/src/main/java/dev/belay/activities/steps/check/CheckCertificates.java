package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.NodeCertificates;
import dev.belay.activities.steps.NodeCertificates.Certificate;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads every certificate of every node: the files under {@code pki}, the client certificates inside kubeconfigs, the kubelet's own. Dates
 * are judged expired first; each certificate against its own CA; the shared CAs must be the same on all control planes. An upgrade renews
 * what kubeadm made, but with one that has expired already it cannot begin.
 */
public final class CheckCertificates extends DeclaredStep<Nothing, CheckCertificates.Output> {

    private static final Duration TOO_SOON = Duration.ofDays(7);
    private static final Duration SOON = Duration.ofDays(30);
    private static final List<String> SHARED = List.of("ca.crt", "front-proxy-ca.crt", "etcd/ca.crt");
    private static final String RENEW =
            "`kubeadm certs renew all` on that control plane, then restart its static pods one by one";

    public record Output(
            @Doc("Certificates read") int certificates,
            @Doc("When the first of them ends, RFC 3339") String firstEnd) {}

    public CheckCertificates() {
        super(
                "check.certificates",
                "Reads every certificate of every node: dates, its own CA, and that all control planes share the CAs",
                Nothing.class,
                Output.class,
                Traits.cluster("10m", "3s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Findings findings = new Findings();
        Instant now = context.clock().now();
        Map<NodeName, NodeCertificates> nodes = new TreeMap<>();
        Instant first = Instant.MAX;
        int count = 0;
        for (Answer<NodeCertificates> answer :
                EachHost.of(context, context.inventory().hosts(), (entry, host) -> NodeCertificates.of(host))) {
            if (answer.failure() != null) {
                findings.stop(answer.failure());
                continue;
            }
            NodeCertificates seen = answer.seen().orElseThrow();
            nodes.put(answer.entry().node(), seen);
            judge(answer.entry(), seen, now, findings);
            count += seen.certificates().size();
            first = seen.firstEnd().filter(first::isAfter).orElse(first);
        }
        shared(nodes, findings);
        findings.judge();
        return Done.done(
                new Output(count, String.valueOf(first)),
                findings.report(count + " certificates are valid; the first ends " + first));
    }

    private static void judge(HostEntry entry, NodeCertificates seen, Instant now, Findings findings) {
        seen.unreadable()
                .forEach(
                        what -> findings.stop("CERTIFICATE_UNREADABLE", entry.node() + ": " + what, "repair the file"));
        seen.unchained()
                .forEach(what -> findings.stop(
                        "CERTIFICATE_CHAIN", entry.node() + ": " + what, "renew it, signed by its own CA"));
        if (entry.role() == NodeRole.CONTROL_PLANE && seen.file("ca.crt").isEmpty()) {
            findings.stop(
                    "CERTIFICATE_MISSING",
                    entry.node() + ": there is no /etc/kubernetes/pki/ca.crt",
                    "find out why; never make a new CA for this");
        }
        seen.certificates().forEach(certificate -> dates(entry, certificate, now, findings));
    }

    private static void dates(HostEntry entry, Certificate certificate, Instant now, Findings findings) {
        Duration left = Duration.between(now, certificate.end());
        String who = entry.node() + ": " + certificate.where();
        if (left.isNegative() || left.isZero()) {
            findings.stop("CERTIFICATE_EXPIRED", who + " expired at " + certificate.end(), remedy(certificate));
        } else if (certificate.begin().isAfter(now)) {
            findings.stop(
                    "CERTIFICATE_NOT_YET_VALID",
                    who + " is valid only from " + certificate.begin(),
                    "compare the clocks of the hosts");
        } else if (left.compareTo(TOO_SOON) < 0) {
            findings.stop(
                    "CERTIFICATE_EXPIRES",
                    who + " expires in " + left.toDays() + " days, at " + certificate.end(),
                    remedy(certificate));
        } else if (left.compareTo(SOON) < 0) {
            findings.warn(who + " expires in " + left.toDays() + " days");
        }
    }

    private static String remedy(Certificate certificate) {
        if (certificate.authority()) {
            return "a CA ends: this is a project of its own (manual rotation of CA certificates)";
        }
        return certificate.where().contains("kubelet") ? "look why the kubelet does not rotate it" : RENEW;
    }

    private static void shared(Map<NodeName, NodeCertificates> nodes, Findings findings) {
        for (String file : SHARED) {
            Map<String, NodeName> prints = new TreeMap<>();
            nodes.forEach((node, seen) -> seen.file(file)
                    .filter(print -> seen.controlPlane())
                    .ifPresent(print -> prints.putIfAbsent(print, node)));
            if (prints.size() > 1) {
                findings.stop(
                        "CA_DIFFERS",
                        "/etc/kubernetes/pki/" + file + " is not the same on " + prints.values(),
                        "find out which one signed what is in use; copy the shared set from that node");
            }
        }
    }
}
