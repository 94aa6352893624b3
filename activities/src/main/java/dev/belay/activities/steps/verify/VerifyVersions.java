package dev.belay.activities.steps.verify;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ClusterConfiguration;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything is at the hop's version: each kubelet, each API server by its own address, each control plane's manifests, kubeadm's record. */
public final class VerifyVersions extends DeclaredStep<Nothing, VerifyVersions.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    public record Output(
            @Doc("The version everything is at") KubernetesVersion version) {}

    public VerifyVersions() {
        super(
                "verify.versions",
                "Looks for anything that is not at the hop's version: kubelets, API servers, manifests, kube-proxy, kubeadm's record",
                Nothing.class,
                Output.class,
                Traits.cluster("3m", "3s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        KubernetesVersion target = context.call().hop().to();
        new Await(context, LIMIT, PAUSE, "NOT_AT_VERSION", "look at the node named, then retry")
                .until(() -> missing(context, target));
        return Done.done(new Output(target), "kubelets, API servers, manifests and kubeadm's record are at " + target);
    }

    private static List<String> missing(StepContext context, KubernetesVersion target) {
        List<String> missing = new ArrayList<>();
        for (KubeNode node : context.kube().nodes()) {
            if (!node.kubelet().equals(target)) {
                missing.add("the kubelet of " + node.name() + " is at " + node.kubelet());
            }
        }
        missing.addAll(ControlPlanes.missingFor(context, target));
        if (!ClusterConfiguration.of(context.kube()).kubernetesVersion().equals(Optional.of(target))) {
            missing.add("kubeadm-config does not say " + target);
        }
        for (KubePod pod : context.kube().pods("kube-system", Map.of("k8s-app", "kube-proxy"))) {
            if (!pod.terminating() && !runs(pod, target)) {
                missing.add(pod + " runs " + pod.images());
            }
        }
        return missing;
    }

    private static boolean runs(KubePod pod, KubernetesVersion target) {
        return pod.images().stream().anyMatch(image -> StaticPods.tag(image).equals(target.toString()));
    }
}
