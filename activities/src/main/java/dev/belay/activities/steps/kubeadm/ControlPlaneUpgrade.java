package dev.belay.activities.steps.kubeadm;

import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ClusterConfiguration;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.Jobs.Ended;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The common part of {@code upgrade apply} and {@code upgrade node} on a control plane. Whether it is done is read from the node's manifests,
 * the API server by its own address, and kubeadm's record; never from text. A command that an earlier attempt began is followed to its end
 * first: its later phases (configuration, add-ons) leave no mark of their own.
 */
record ControlPlaneUpgrade(StepContext context, KubeadmCommand command, String verb) {

    private static final Duration SETTLE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    /** The outcome, by looking. */
    Done<KubeadmOutcome> run() {
        KubernetesVersion target = context.call().hop().to();
        Ended ended = command.run(() -> safely().isEmpty());
        if (!ended.ran()) {
            return Done.already(
                    new KubeadmOutcome(target), context.node() + " runs the static pods of " + target + " already");
        }
        if (!ended.outcome().known()) {
            lookAfterLoss(target);
            return Done.done(
                    new KubeadmOutcome(target),
                    "the job was lost with the node, but everything it does is done: static pods, API server and record are at "
                            + target);
        }
        new Await(
                        context,
                        SETTLE,
                        PAUSE,
                        "KUBEADM_NOT_VERIFIED",
                        "kubeadm said it was done: look at the static pods of " + context.node()
                                + " and the kubelet's log, then retry")
                .until(this::missing);
        return Done.done(
                new KubeadmOutcome(target),
                context.node() + " runs the static pods of " + target
                        + (ended.outcome().rejoined() ? "; the job was begun by an earlier attempt and ran once" : ""));
    }

    private List<String> safely() {
        try {
            return missing();
        } catch (StepFailure e) {
            if (e.failure().kind() == FailureKind.TRANSIENT) {
                return List.of(e.failure().why());
            }
            throw e;
        }
    }

    private List<String> missing() {
        KubernetesVersion target = context.call().hop().to();
        List<String> missing = new ArrayList<>(StaticPods.of(context.host()).missingFor(target));
        missing.addAll(ControlPlanes.missingFor(context, context.node(), target));
        if (missing.isEmpty()) {
            Optional<KubernetesVersion> recorded =
                    ClusterConfiguration.of(context.kube()).kubernetesVersion();
            if (!recorded.equals(Optional.of(target))) {
                missing.add(
                        "kubeadm-config says " + recorded.map(Object::toString).orElse("no version"));
            }
        }
        return missing;
    }

    /** After a loss the phases that leave no mark on the node count too: the last control plane moves kube-proxy. */
    private void lookAfterLoss(KubernetesVersion target) {
        Await look = new Await(context, SETTLE, PAUSE, "KUBEADM_LOST", "");
        try {
            look.until(() -> {
                List<String> missing = new ArrayList<>(missing());
                missing.addAll(addons(target));
                return missing;
            });
        } catch (StepFailure e) {
            throw StepFailure.of(
                    FailureKind.UNKNOWN,
                    "KUBEADM_LOST",
                    context.node() + ": " + verb
                            + " was lost, as when the node restarts in the middle, and not everything is at " + target
                            + ": "
                            + e.failure().why(),
                    "look at the static pods and etcd of " + context.node()
                            + "; running the command again is kubeadm's documented way to recover, and retry does that");
        }
    }

    private List<String> addons(KubernetesVersion target) {
        boolean last = ControlPlanes.of(context).stream()
                .allMatch(node -> context.kube().apiServer(node).version().equals(Optional.of(target)));
        List<KubePod> proxies = context.kube().pods("kube-system", Map.of("k8s-app", "kube-proxy"));
        if (!last || proxies.isEmpty()) {
            return List.of();
        }
        boolean moved = proxies.stream().flatMap(pod -> pod.images().stream()).anyMatch(image -> StaticPods.tag(image)
                .equals(target.toString()));
        return moved ? List.of() : List.of("no kube-proxy is at " + target);
    }
}
