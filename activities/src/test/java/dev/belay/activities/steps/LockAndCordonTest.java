package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.Done;
import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.steps.lock.LockCluster;
import dev.belay.activities.steps.lock.UnlockCluster;
import dev.belay.activities.steps.node.CordonNode;
import dev.belay.activities.steps.node.UncordonNode;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LockAndCordonTest {

    private final FakeWorld world = new FakeWorld();
    private final LockCluster lock = new LockCluster();
    private final CordonNode cordon = new CordonNode();
    private final UncordonNode uncordon = new UncordonNode();

    @Test
    void locksTwiceForOneRunAndGivesBackOnce() {
        lock.run(new LockCluster.Input(null), world.context("cluster.lock"));
        lock.run(new LockCluster.Input(null), world.context("cluster.lock"));
        new UnlockCluster().run(new Nothing(), world.context("cluster.unlock"));
        lock.undo(new LockCluster.Input(null), null, world.context("cluster.lock"));

        assertThat(world.effects)
                .containsExactly("lease belay-0123abcd", "lease belay-0123abcd", "release belay-0123abcd");
    }

    @Test
    void namesWhoHoldsTheLock() {
        world.kube.leaseHolder = Optional.of("belay-ffff0000 (run ffff0000)");

        assertThatThrownBy(() -> lock.run(new LockCluster.Input(null), world.context("cluster.lock")))
                .hasMessageContaining("ffff0000")
                .satisfies(thrown -> {
                    StepFailure failure = (StepFailure) thrown;
                    assertThat(failure.failure().kind()).isEqualTo(FailureKind.PRECONDITION);
                    assertThat(failure.failure().next()).contains("delete lease belay");
                });
        lock.undo(new LockCluster.Input(null), null, world.context("cluster.lock"));
        assertThat(world.kube.leaseHolder).isPresent();
    }

    @Test
    void cordonsOnceAndOwnsItStillInALaterAttempt() {
        Done<CordonNode.Output> first = cordon.run(new Nothing(), world.on("w1", "node.cordon"));
        Done<CordonNode.Output> again = cordon.run(new Nothing(), world.on("w1", "node.cordon"));

        assertThat(first.state()).isEqualTo(StepState.DONE);
        assertThat(again.state()).isEqualTo(StepState.DONE);
        assertThat(again.output().ours()).isTrue();
        assertThat(world.effects).containsExactly("cordon w1");
    }

    @Test
    void leavesSomebodyElsesCordonForEver() {
        world.kube.node(FakeKube.marked(world.kube.nodes.get(new NodeName("w1")), false, Map.of()));

        Done<CordonNode.Output> found = cordon.run(new Nothing(), world.on("w1", "node.cordon"));
        Done<UncordonNode.Output> after = uncordon.run(new Nothing(), world.on("w1", "node.uncordon"));
        String undone = cordon.undo(new Nothing(), null, world.on("w1", "node.cordon"));

        assertThat(found.state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(found.output().ours()).isFalse();
        assertThat(found.why()).contains("not by this run");
        assertThat(after.output().schedulable()).isFalse();
        assertThat(after.why()).contains("as it was found");
        assertThat(undone).contains("left as it is");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void undoesItsOwnCordonEvenWhenTheOutcomeWasNeverKnown() {
        cordon.run(new Nothing(), world.on("w1", "node.cordon"));

        cordon.undo(new Nothing(), null, world.on("w1", "node.cordon"));
        cordon.undo(new Nothing(), null, world.on("w1", "node.cordon"));

        assertThat(world.effects).containsExactly("cordon w1", "uncordon w1");
    }

    @Test
    void waitsWhileTheApiServerRestartsWithItsKubelet() {
        world.kube.unavailable = 5;

        assertThat(cordon.run(new Nothing(), world.on("w1", "node.cordon")).state())
                .isEqualTo(StepState.DONE);
        assertThat(world.effects).containsExactly("cordon w1");
    }

    @Test
    void doesNotWaitForEverForAnApiThatStaysAway() {
        world.kube.unavailable = 1000;

        assertThatThrownBy(() -> cordon.run(new Nothing(), world.on("w1", "node.cordon")))
                .isInstanceOfSatisfying(
                        StepFailure.class,
                        failure -> assertThat(failure.failure().kind()).isEqualTo(FailureKind.TRANSIENT));
        assertThat(world.effects).isEmpty();
    }
}
