package dev.belay.model.plan;

import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.Finding;
import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.UpgradePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The hops of a climb from where the cluster stands. What an earlier climb left undone comes first: API servers that are behind the highest one,
 * else kubelets that are behind all of them. Kubelets may skip minors, API servers never.
 */
record Route(PlanRequest request) {
    /** From here on kubeadm upgrades nodes whose kubelet is up to three minors behind it; before, one (release notes 1.29). */
    private static final int KUBEADM_OF_THREE = 29;

    UpgradePath path() {
        UpgradePath undone = undone();
        if (!undone.findings().isEmpty()) {
            return undone;
        }
        KubernetesVersion start =
                undone.hops().isEmpty() ? controlPlane() : last(undone.hops()).to();
        UpgradePath onward = UpgradePath.of(
                start, request.target(), request.via(), request.offers().newest());
        boolean arrives = !undone.hops().isEmpty() && isTarget(start);
        List<Finding> findings = onward.findings().stream()
                .filter(finding -> !arrives || !finding.rule().equals("target-equal"))
                .toList();
        return findings.isEmpty()
                ? new UpgradePath(inOrder(undone.hops(), onward.hops()), List.of())
                : new UpgradePath(List.of(), findings);
    }

    private UpgradePath undone() {
        KubernetesVersion ahead = request.cluster().ahead();
        if (ahead != null) {
            UpgradePath servers = UpgradePath.of(controlPlane(), ahead, Map.of());
            return servers.hops().size() <= 1 ? servers : apart(ahead);
        }
        return oldestKubelet().map(this::kubelets).orElse(new UpgradePath(List.of(), List.of()));
    }

    private UpgradePath apart(KubernetesVersion ahead) {
        return stopped(
                "skew-api-servers",
                controlPlane() + " and " + ahead,
                "API servers are more than one minor apart",
                "bring the older ones to " + ahead.minorText() + " minor by minor, each with its own kubeadm");
    }

    /** The oldest kubelet, when it is of an older minor, or when kubelets are all that is left to raise. */
    private Optional<KubernetesVersion> oldestKubelet() {
        return request.cluster().nodes().stream()
                .map(NodeFacts::version)
                .filter(version -> version.compareTo(controlPlane()) < 0)
                .filter(version -> isTarget(controlPlane()) || !version.sameMinor(controlPlane()))
                .min(Comparator.naturalOrder());
    }

    private UpgradePath kubelets(KubernetesVersion oldest) {
        int behind = controlPlane().minor() - oldest.minor();
        if (behind > 1 && controlPlane().minor() < KUBEADM_OF_THREE) {
            return stopped(
                    "kubelets-left-behind",
                    oldest.toString(),
                    "the control plane is at " + controlPlane() + " already, and kubeadm before 1." + KUBEADM_OF_THREE
                            + " raises kubelets that are one minor behind, not " + behind,
                    "raise these kubelets to the minor before " + controlPlane().minorText() + " first");
        }
        return new UpgradePath(List.of(new Hop(0, oldest, controlPlane(), true, true, false)), List.of());
    }

    private KubernetesVersion controlPlane() {
        return request.cluster().controlPlane();
    }

    private boolean isTarget(KubernetesVersion version) {
        return KubernetesVersion.tryParse(request.target())
                .filter(version::equals)
                .isPresent();
    }

    private static UpgradePath stopped(String rule, String object, String why, String remedy) {
        return new UpgradePath(List.of(), List.of(new Finding(rule, object, why, remedy)));
    }

    private List<Hop> inOrder(List<Hop> undone, List<Hop> onward) {
        List<Hop> hops =
                new ArrayList<>(Stream.concat(undone.stream(), onward.stream()).toList());
        int last = hops.size() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(i -> new Hop(
                        i,
                        hops.get(i).from(),
                        hops.get(i).to(),
                        i == 0,
                        i == last,
                        !request.cluster().hasExternalEtcd()
                                && (hops.get(i).raisesEtcdMinor() || (i == 0 && raisesAMember(hops.get(i))))))
                .toList();
    }

    /** A member that was seen behind rises with its control plane, whatever that one's version promises. */
    private boolean raisesAMember(Hop hop) {
        EtcdVersion shipped = HopFacts.load(hop.to().minorText()).images().etcdVersion();
        return !hop.to().equals(controlPlane())
                && request.cluster().etcd().stream()
                        .flatMap(member -> EtcdVersion.tryParse(member.version()).stream())
                        .anyMatch(version -> version.isOfOlderMinorThan(shipped));
    }

    private static Hop last(List<Hop> hops) {
        return hops.get(hops.size() - 1);
    }
}
