package dev.belay.activities.steps.verify;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.KubeCluster;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.Nothing;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.VersionSkew;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A cluster that stops between two minors may stay so: every API server and manifest is at the hop's version, etcd is whole, every node is
 * Ready and schedulable as far as this run is concerned, and no kubelet is newer than the API servers or further behind than they serve.
 */
public final class VerifyHeld extends DeclaredStep<Nothing, VerifyHeld.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    public record Output(
            @Doc("Nodes whose kubelet is older than the control plane")
            int behind) {}

    public VerifyHeld() {
        super(
                "verify.held",
                "Waits until a cluster that stops half-way is whole: new control plane, kubelets within the skew, nothing left cordoned",
                Nothing.class,
                Output.class,
                Traits.cluster("7m", "5s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        KubernetesVersion target = context.call().hop().to();
        new Await(context, LIMIT, PAUSE, "NOT_HELD", "look at what is named, then retry")
                .until(() -> missing(context, target));
        int behind = (int) context.kube().nodes().stream()
                .filter(node -> node.kubelet().compareTo(target) < 0)
                .count();
        return Done.done(
                new Output(behind),
                "the control plane is at " + target + " and whole; " + behind + " kubelets are behind it");
    }

    private static List<String> missing(StepContext context, KubernetesVersion target) {
        List<String> missing = new ArrayList<>();
        missing.addAll(ControlPlanes.missingFor(context, target));
        missing.addAll(
                EtcdPicture.take(context.etcd()).problems(context.inventory().etcdMembers()));
        context.kube().nodes().forEach(node -> missing.addAll(missing(context, node, target)));
        return missing;
    }

    private static List<String> missing(StepContext context, KubeNode node, KubernetesVersion target) {
        List<String> missing = new ArrayList<>();
        if (!node.ready()) {
            missing.add("node " + node.name() + " is not ready");
        }
        if (context.mark().equals(node.annotations().get(KubeCluster.CORDONED_BY))) {
            missing.add("node " + node.name() + " is still cordoned by this run");
        }
        if (node.kubelet().compareTo(target) > 0) {
            missing.add("the kubelet of " + node.name() + " is at " + node.kubelet() + ", newer than " + target);
        }
        VersionSkew.kubelets(target, Map.of(node.name(), node.kubelet()))
                .forEach(finding -> missing.add(finding.object() + ": " + finding.why()));
        return missing;
    }
}
