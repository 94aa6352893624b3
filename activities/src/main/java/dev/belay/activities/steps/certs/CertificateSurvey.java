package dev.belay.activities.steps.certs;

import dev.belay.activities.StepContext;
import dev.belay.activities.steps.EachHost;
import dev.belay.activities.steps.EachHost.Answer;
import dev.belay.activities.steps.certs.CertificateFinding.Weight;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one reading of every certificate of a cluster, and what is to be said of it. By host alone: the API may be away, which is when
 * certificates are looked at most.
 *
 * @param at when it was read
 * @param findings STOP first
 * @param unread looks that failed
 */
public record CertificateSurvey(
        Instant at, List<FoundCertificate> certificates, List<CertificateFinding> findings, List<Failure> unread) {

    private static final String SHARE =
            "find out which one signed what is in use; copy the shared set from that node (certs.sync)";

    public static CertificateSurvey of(StepContext context) {
        Instant now = context.clock().now();
        List<NodePki> nodes = new ArrayList<>();
        List<Failure> unread = new ArrayList<>();
        for (Answer<NodePki> answer : EachHost.of(context, context.inventory().hosts(), NodePkiReading::of)) {
            answer.seen().ifPresent(nodes::add);
            if (answer.failure() != null) {
                unread.add(answer.failure());
            }
        }
        List<CertificateFinding> findings = new ArrayList<>();
        nodes.forEach(node -> findings.addAll(NodeRules.judge(node, now)));
        shared(nodes, findings);
        findings.sort(Comparator.comparing(CertificateFinding::weight));
        return new CertificateSurvey(
                now, nodes.stream().flatMap(node -> node.found().stream()).toList(), List.copyOf(findings), unread);
    }

    public Optional<Instant> firstEnd() {
        return certificates.stream().map(FoundCertificate::end).min(Instant::compareTo);
    }

    public List<CertificateFinding> of(Weight weight) {
        return findings.stream().filter(finding -> finding.weight() == weight).toList();
    }

    private static void shared(List<NodePki> nodes, List<CertificateFinding> findings) {
        for (String file : PkiFiles.SHARED.keySet()) {
            Map<String, List<NodeName>> byKey = new TreeMap<>();
            for (NodePki node : nodes) {
                node.sharedKey(file).filter(key -> node.controlPlane()).ifPresent(key -> byKey.computeIfAbsent(
                                key, none -> new ArrayList<>())
                        .add(node.node()));
            }
            if (byKey.size() > 1) {
                boolean account = file.equals(PkiFiles.SA_PUB);
                findings.add(new CertificateFinding(
                        Weight.STOP,
                        account ? "SA_KEY_DIFFERS" : "CA_DIFFERS",
                        "",
                        PkiFiles.PKI + file + " is not the same on all control planes: " + byKey.values()
                                + (account ? "; tokens of one are refused by another" : ""),
                        SHARE));
            }
        }
    }
}
