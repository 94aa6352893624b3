package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.kube.KubePod;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.Failure;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests of steps on one node have in common. */
abstract class NodeSteps {

    static final Nothing NONE = new Nothing();
    static final NodeName W1 = new NodeName("w1");

    final FakeWorld world = new FakeWorld();

    static Failure failureOf(ThrowingCallable call) {
        return catchThrowableOfType(StepFailure.class, call).failure();
    }

    void cordoned() {
        world.kube.node(FakeKube.marked(world.kube.nodes.get(W1), false, Map.of()));
    }

    static KubePod like(
            KubePod pod, boolean mirror, boolean emptyDir, String phase, List<String> images, List<String> starts) {
        return new KubePod(
                pod.namespace(),
                pod.name(),
                pod.uid(),
                pod.node(),
                pod.owner(),
                mirror,
                emptyDir,
                phase,
                pod.ready(),
                pod.terminating(),
                pod.gracePeriod(),
                pod.labels(),
                images,
                starts);
    }

    static KubePod like(KubePod pod, boolean mirror, boolean emptyDir, String phase) {
        return like(pod, mirror, emptyDir, phase, pod.images(), pod.containerStarts());
    }
}
