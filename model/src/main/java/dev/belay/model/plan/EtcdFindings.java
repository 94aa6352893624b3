package dev.belay.model.plan;

import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.HopFacts.EtcdBefore;
import dev.belay.model.kubernetes.KnownBad;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.kubernetes.Severity;
import dev.belay.model.plan.ClusterFacts.EtcdMemberFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known against the etcd of a cluster: a member that is no control plane, a version that does harm, or one that its next minor does
 * not take over. Only the first hop is looked at: those before a later one bring an etcd of their own.
 */
record EtcdFindings(ClusterFacts cluster, @Nullable Hop firstHop) {

    List<Blocker> of(Severity severity) {
        List<Blocker> findings = new ArrayList<>();
        if (severity == Severity.BLOCK) {
            findings.addAll(members());
        }
        for (EtcdMemberFacts member : cluster.etcd()) {
            EtcdVersion.tryParse(member.version())
                    .ifPresent(version -> findings.addAll(against(member.name(), version, severity)));
        }
        return findings;
    }

    private List<Blocker> members() {
        List<Blocker> findings = new ArrayList<>();
        Set<String> members = new TreeSet<>();
        for (EtcdMemberFacts member : cluster.etcd()) {
            members.add(member.name());
            if (member.version().isEmpty()) {
                findings.add(new Blocker(
                        "etcd-unreachable",
                        member.name(),
                        "it gave no answer",
                        "look at the static pod etcd of this control plane"));
            } else if (EtcdVersion.tryParse(member.version()).isEmpty()) {
                findings.add(new Blocker(
                        "etcd-version-unreadable",
                        member.name(),
                        "it answered with the version \"" + member.version() + "\"",
                        "ask it by etcdctl endpoint status; versions look like 3.5.24"));
            }
        }
        Set<String> controlPlanes = new TreeSet<>();
        cluster.nodes(NodeRole.CONTROL_PLANE)
                .forEach(node -> controlPlanes.add(node.name().value()));
        if (!members.equals(controlPlanes)) {
            findings.add(new Blocker(
                    "etcd-members",
                    String.join(", ", members),
                    "the etcd members are not the control planes " + String.join(", ", controlPlanes),
                    "remove members that are gone, rejoin those that are missing; an external etcd is not climbed"));
        }
        return findings;
    }

    private List<Blocker> against(String member, EtcdVersion version, Severity severity) {
        List<Blocker> findings = new ArrayList<>();
        KnownBad.of(version).stream()
                .filter(row -> row.severity() == severity)
                .map(row -> finding("etcd-known-bad", member, version, row.why(), "take " + row.remedy(), row.source()))
                .forEach(findings::add);
        tooOldForTheHop(version, severity)
                .map(row -> finding(
                        "etcd-too-old-for-hop",
                        member,
                        version,
                        row.why(),
                        "raise etcd to " + row.minimum() + " or newer of the same minor first (etcd.local.imageTag of"
                                + " kubeadm-config, or a newer patch of Kubernetes), or put the rule under accept in the"
                                + " inventory, with a reason and an owner",
                        row.source()))
                .ifPresent(findings::add);
        return findings;
    }

    private Optional<EtcdBefore> tooOldForTheHop(EtcdVersion version, Severity severity) {
        if (firstHop == null || !firstHop.raisesEtcdMinor()) {
            return Optional.empty();
        }
        HopFacts facts = HopFacts.load(firstHop.to().minorText());
        if (!version.isOfOlderMinorThan(facts.images().etcdVersion())) {
            return Optional.empty();
        }
        return facts.etcdBefore().stream()
                .filter(row -> row.severity() == severity && version.compareTo(row.minimum()) < 0)
                .findFirst();
    }

    private static Blocker finding(
            String rule, String member, EtcdVersion version, String why, String remedy, String source) {
        return new Blocker(rule, member, "it runs etcd " + version + ": " + why + " (" + source + ")", remedy);
    }
}
