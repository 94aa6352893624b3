package dev.belay.activities.steps.node;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.kube.KubeNode;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits until the node is Ready with the hop's kubelet, without pressure, with its DaemonSets' and static pods ready, and has been so for a
 * while without a container restarting.
 */
public final class AwaitNodeReady extends DeclaredStep<AwaitNodeReady.Input, AwaitNodeReady.Output> {

    public record Input(
            @Doc(value = "How long it must have been well, without a break", byDefault = "10s")
            Duration stable) {}

    public record Output(@Doc("The kubelet's version") KubernetesVersion version) {}

    public AwaitNodeReady() {
        super(
                "node.awaitReady",
                "Waits until the node is Ready with the new kubelet, its DaemonSets and static pods ready, for a while",
                Input.class,
                Output.class,
                Traits.node("10m", "30s"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        KubernetesVersion target = context.call().hop().to();
        Steady steady = new Steady(context, input.stable());
        new Await(
                        context,
                        context.call().timeout(),
                        Duration.ofSeconds(2),
                        "NODE_NOT_READY",
                        "`kubectl describe node " + context.node()
                                + "` and `journalctl -u kubelet` there; repair it, then retry")
                .until(() -> steady.look(target));
        return Done.done(new Output(target), context.node() + " is Ready with kubelet " + target);
    }

    /** How long the node has been well without a break. */
    private static final class Steady {

        private final StepContext context;
        private final Duration wanted;
        private Instant since = Instant.MAX;
        private List<String> starts = List.of();

        Steady(StepContext context, Duration wanted) {
            this.context = context;
            this.wanted = wanted;
        }

        List<String> look(KubernetesVersion target) {
            Instant now = context.clock().now();
            List<KubePod> pods = context.kube().podsOn(context.node());
            List<String> missing = missing(target, pods);
            List<String> seen = pods.stream()
                    .filter(AwaitNodeReady::belongsToNode)
                    .flatMap(pod -> pod.containerStarts().stream())
                    .toList();
            if (!missing.isEmpty() || !seen.equals(starts) || since.equals(Instant.MAX)) {
                since = missing.isEmpty() ? now : Instant.MAX;
                starts = seen;
            }
            if (!missing.isEmpty()) {
                return missing;
            }
            return now.isBefore(since.plus(wanted))
                    ? List.of(context.node() + " is well, but not yet for " + wanted.toSeconds() + " s")
                    : List.of();
        }

        private List<String> missing(KubernetesVersion target, List<KubePod> pods) {
            List<String> missing = new ArrayList<>();
            context.kube()
                    .node(context.node())
                    .ifPresentOrElse(
                            node -> missing.addAll(missing(node, target)),
                            () -> missing.add("node " + context.node() + " is not in the API"));
            pods.stream()
                    .filter(pod -> belongsToNode(pod) && !pod.ready() && !pod.finished())
                    .forEach(pod -> missing.add(pod + " is not ready"));
            return missing;
        }

        private static List<String> missing(KubeNode node, KubernetesVersion target) {
            List<String> missing = new ArrayList<>();
            if (!node.ready()) {
                missing.add("node " + node.name() + " is not Ready");
            }
            if (!node.kubelet().equals(target)) {
                missing.add("the kubelet of " + node.name() + " is at " + node.kubelet());
            }
            if (!node.pressures().isEmpty()) {
                missing.add("node " + node.name() + " has " + node.pressures());
            }
            return missing;
        }
    }

    private static boolean belongsToNode(KubePod pod) {
        return pod.mirror() || pod.ownedBy("DaemonSet");
    }
}
