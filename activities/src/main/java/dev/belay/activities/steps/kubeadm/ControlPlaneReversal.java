package dev.belay.activities.steps.kubeadm;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.activities.steps.backup.KeptConfigMaps;
import dev.belay.activities.steps.backup.KeptFiles;
import dev.belay.activities.steps.node.KubeletService;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.VersionSkew;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What {@code kubeadm upgrade} did on a node, backwards: the old manifests (etcd first, and only when its member is well again the others), the
 * old kubelet configuration, and where the whole cluster's record was changed, the old ConfigMaps. Certificates that kubeadm renewed stay:
 * they are of the same CA. What kubeadm changed last of all, CoreDNS and kube-proxy, stays too.
 */
record ControlPlaneReversal(StepContext context, KeptFiles kept) {

    private static final Duration SETTLE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final String ETCD = StaticPods.manifest("etcd");

    static ControlPlaneReversal of(StepContext context) {
        return new ControlPlaneReversal(context, KeptFiles.of(context, context.node()));
    }

    /** On a worker only the kubelet's files were written. */
    String worker() {
        List<String> written = kubelet();
        return written.isEmpty() ? "the kubelet's files are as before" : String.join(", ", written) + " put back";
    }

    /**
     * On a control plane.
     *
     * @param first it was the one that changed kubeadm's record too
     */
    String controlPlane(boolean first) {
        requireOldKubelets();
        requireOldEtcdToStart();
        List<String> written = new ArrayList<>(kept.putBack(context.host(), ETCD::equals));
        await("etcd", () -> EtcdPicture.take(context.etcd())
                .problems(context.inventory().etcdMembers()));
        written.addAll(kept.putBack(context.host(), path -> path.startsWith(StaticPods.DIRECTORY + "/")));
        written.addAll(kubelet());
        await("API server", this::missing);
        if (first) {
            KeptConfigMaps.of(context).putBack(context.kube(), List.of("kubeadm-config", "kubelet-config"));
        }
        return (written.isEmpty() ? "manifests are as before" : written.size() + " files put back")
                + (first ? ", kubeadm-config and kubelet-config as before" : "")
                + "; renewed certificates, CoreDNS and kube-proxy stay as they are";
    }

    private List<String> kubelet() {
        return new KubeletService(context).putBack(kept);
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(ControlPlanes.notReady(context));
        Optional<StaticPod> pod = StaticPods.of(context.host()).pod("kube-apiserver");
        pod.flatMap(StaticPod::version)
                .ifPresent(version -> missing.addAll(ControlPlanes.missingFor(context, context.node(), version)));
        return missing;
    }

    private void await(String what, Supplier<List<String>> look) {
        String next = "look at the " + what + " of " + context.node() + " and its kubelet's log; then retry";
        new Await(context, SETTLE, PAUSE, "REVERSAL_NOT_VERIFIED", next).until(look);
    }

    /** A worker's kubelet may meet any API server, and must not be newer than one. */
    private void requireOldKubelets() {
        Set<NodeName> controlPlanes = Set.copyOf(ControlPlanes.of(context));
        Map<NodeName, KubernetesVersion> workers = new TreeMap<>();
        Await.answer(context, () -> context.kube().nodes()).stream()
                .filter(node -> !controlPlanes.contains(node.name()))
                .forEach(node -> workers.put(node.name(), node.kubelet()));
        List<String> newer = kept
                .staticPod("kube-apiserver")
                .flatMap(StaticPod::version)
                .map(old -> VersionSkew.kubelets(old, workers))
                .orElse(List.of())
                .stream()
                .map(finding -> finding.object() + ": " + finding.why())
                .toList();
        if (!newer.isEmpty()) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "KUBELET_NEWER",
                    Await.named(newer),
                    "take these workers back first, one by one: belay rollback --rung node --node NAME; then retry");
        }
    }

    /** Once every member is new, etcd's data is of the new minor, and an old binary does not start on it. */
    private void requireOldEtcdToStart() {
        Optional<EtcdVersion> old = kept.etcd();
        Map<String, MemberStatus> members = EtcdPicture.take(context.etcd()).statuses();
        boolean raised = old.isPresent()
                && members.values().stream()
                        .map(status -> EtcdVersion.tryParse(status.version()))
                        .flatMap(Optional::stream)
                        .allMatch(version -> version.minor() > old.get().minor());
        if (raised) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ETCD_RAISED",
                    "every etcd member is newer than " + old.get() + ", so its data is too: etcd " + old.get()
                            + " would not start on it",
                    "the way back is a restore: belay rollback --rung restore");
        }
    }
}
