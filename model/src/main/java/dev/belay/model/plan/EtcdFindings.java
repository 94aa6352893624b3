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
 * What is known against the etcd of a cluster: a member that is none of the hosts that should run it, a version that does harm, or one that
 * its next minor does not take over. Only the first hop is looked at: those before a later one bring an etcd of their own.
 */
record EtcdFindings(ClusterFacts cluster, @Nullable Hop firstHop) {

    private static final EtcdVersion EXTERNAL = new EtcdVersion(3, 5, 24);
    private static final int SINCE = 32;

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
                        cluster.hasExternalEtcd()
                                ? "look at the unit etcd.service of this host"
                                : "look at the static pod etcd of this control plane"));
            } else if (EtcdVersion.tryParse(member.version()).isEmpty()) {
                findings.add(new Blocker(
                        "etcd-version-unreadable",
                        member.name(),
                        "it answered with the version \"" + member.version() + "\"",
                        "ask it by etcdctl endpoint status; versions look like 3.5.24"));
            }
        }
        Set<String> expected = new TreeSet<>();
        NodeRole role = cluster.hasExternalEtcd() ? NodeRole.ETCD : NodeRole.CONTROL_PLANE;
        cluster.hosts(role).forEach(host -> expected.add(host.name().value()));
        if (!members.equals(expected)) {
            findings.add(new Blocker(
                    "etcd-members",
                    String.join(", ", members),
                    "the etcd members are not the "
                            + (cluster.hasExternalEtcd() ? "hosts with role: etcd " : "control planes ")
                            + String.join(", ", expected),
                    "remove members that are gone, rejoin those that are missing; hosts of an external etcd stand in the"
                            + " inventory with role: etcd, each by its member's name"));
        }
        return findings;
    }

    private List<Blocker> against(String member, EtcdVersion version, Severity severity) {
        List<Blocker> findings = new ArrayList<>();
        KnownBad.of(version).stream()
                .filter(row -> row.severity() == severity)
                .map(row -> finding("etcd-known-bad", member, version, row.why(), "take " + row.remedy(), row.source()))
                .forEach(findings::add);
        if (severity == Severity.WARN && isOldForKubeadm(version)) {
            findings.add(finding(
                    "external-etcd-old",
                    member,
                    version,
                    "kubeadm since 1.32 makes and joins control planes only with an external etcd of " + EXTERNAL
                            + " or newer",
                    "raise the members one by one, before or after the climb; Belay does not",
                    "kubeadm v1.32.13 to v1.34.4, MinExternalEtcdVersion"));
        }
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

    private boolean isOldForKubeadm(EtcdVersion version) {
        return cluster.hasExternalEtcd()
                && firstHop != null
                && firstHop.to().minor() >= SINCE
                && version.compareTo(EXTERNAL) < 0;
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
