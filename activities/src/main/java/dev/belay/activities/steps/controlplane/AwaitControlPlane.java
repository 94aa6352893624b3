package dev.belay.activities.steps.controlplane;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The gate between two control planes; kubeadm itself waits for nothing between nodes. Every etcd member listed, started, caught up, with the
 * same data and no alarm; every API server ready by its own address; the node's mirror pods ready with the images of its manifests; its
 * kubelet Ready. It must hold on two looks in a row, with no static pod restarting between them: after a kubelet's upgrade all four restart
 * once more.
 */
public final class AwaitControlPlane extends DeclaredStep<Nothing, AwaitControlPlane.Output> {

    private static final Duration PAUSE = Duration.ofSeconds(3);

    public record Output(
            @Doc("etcd members that agree") int members,

            @Doc("The revision at which they have the same hash")
            long revision) {}

    public AwaitControlPlane() {
        super(
                "controlPlane.awaitHealthy",
                "The gate between two control planes: every etcd member caught up, every API server ready by its own address",
                Nothing.class,
                Output.class,
                Traits.node("10m", "20s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Gate gate = new Gate(context);
        new Await(
                        context,
                        context.call().timeout(),
                        PAUSE,
                        "CONTROL_PLANE_UNHEALTHY",
                        "heal what is named before another control plane is touched: one more and the quorum may be lost; then retry")
                .until(gate::look);
        EtcdPicture etcd = gate.etcd;
        int members = etcd == null ? 0 : etcd.members().size();
        long revision = etcd == null ? 0 : etcd.revision();
        return Done.done(
                new Output(members, revision),
                members + " etcd members agree at revision " + revision + ", every API server is ready");
    }

    /** Two looks in a row. */
    private static final class Gate {

        private final StepContext context;
        private List<String> starts = List.of();
        private boolean heldBefore;
        private @Nullable EtcdPicture etcd;

        Gate(StepContext context) {
            this.context = context;
        }

        List<String> look() {
            boolean before = heldBefore;
            heldBefore = false;
            List<KubePod> mirrors = context.kube().podsOn(context.node()).stream()
                    .filter(KubePod::mirror)
                    .toList();
            List<String> missing = new ArrayList<>(ControlPlanes.notReady(context));
            node(missing);
            mirrors(mirrors, missing);
            EtcdPicture picture = EtcdPicture.take(context.etcd());
            missing.addAll(picture.problems(context.inventory().etcdMembers()));
            etcd = picture;
            List<String> seen = mirrors.stream()
                    .flatMap(pod -> pod.containerStarts().stream())
                    .toList();
            boolean same = seen.equals(starts);
            starts = seen;
            if (!missing.isEmpty()) {
                return missing;
            }
            heldBefore = true;
            return before && same ? List.of() : List.of("all is well, but it must hold on two looks in a row");
        }

        private void node(List<String> missing) {
            boolean ready =
                    context.kube().node(context.node()).filter(KubeNode::ready).isPresent();
            if (!ready) {
                missing.add("node " + context.node() + " is not Ready");
            }
        }

        private void mirrors(List<KubePod> mirrors, List<String> missing) {
            Map<String, KubePod> byComponent = new TreeMap<>();
            mirrors.forEach(pod -> byComponent.put(pod.labels().getOrDefault("component", pod.name()), pod));
            StaticPods manifests = StaticPods.of(context.host());
            for (Map.Entry<String, StaticPod> entry : manifests.byComponent().entrySet()) {
                KubePod pod = byComponent.get(entry.getKey());
                if (pod == null) {
                    missing.add("static pod " + entry.getKey() + " of " + context.node() + " has no mirror pod");
                } else if (!pod.ready() || pod.terminating()) {
                    missing.add(pod + " is not ready");
                } else if (!pod.images().contains(entry.getValue().image())) {
                    missing.add(pod + " runs " + pod.images() + ", its manifest says "
                            + entry.getValue().image());
                }
            }
        }
    }
}
