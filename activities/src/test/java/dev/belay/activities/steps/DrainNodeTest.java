package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.fake.FakeKube;
import dev.belay.activities.kube.DisruptionBudget;
import dev.belay.activities.kube.Eviction;
import dev.belay.activities.kube.KubePod;
import dev.belay.activities.steps.node.DrainNode;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DrainNodeTest extends NodeSteps {

    @Nested
    class Drain {

        private final KubePod web = FakeKube.pod("shop", "web", "w1", "ReplicaSet/web");

        @BeforeEach
        void start() {
            cordoned();
        }

        private Done<DrainNode.Output> drain() {
            return new DrainNode().run(new DrainNode.Input(Duration.ofMinutes(1), true), world.on("w1", "node.drain"));
        }

        private void answers(Eviction... answers) {
            world.kube.evictions.put("shop/web", new ArrayDeque<>(List.of(answers)));
        }

        @Test
        void evictsWhatMovesAndLeavesWhatStays() {
            world.kube.pods.add(web);
            world.kube.pods.add(FakeKube.pod("kube-system", "kube-proxy", "w1", "DaemonSet/kube-proxy"));
            world.kube.pods.add(like(FakeKube.pod("kube-system", "static", "w1", "Node/w1"), true, false, "Running"));
            world.kube.pods.add(like(FakeKube.pod("shop", "old", "w1", ""), false, false, "Succeeded"));
            world.kube.pods.add(FakeKube.pod("shop", "elsewhere", "cp1", "ReplicaSet/web"));

            assertThat(drain().output().evicted()).isEqualTo(2);
            assertThat(world.effects).containsExactly("evict shop/web ACCEPTED", "evict shop/old ACCEPTED");
            assertThat(drain().state()).isEqualTo(StepState.ALREADY_DONE);
        }

        @Test
        void neverDeletesAPodThatNothingMakesAgain() {
            world.kube.pods.add(web);
            world.kube.pods.add(FakeKube.pod("shop", "bare", "w1", ""));

            Failure failure = failureOf(this::drain);

            assertThat(failure.code()).isEqualTo("DRAIN_BLOCKED");
            assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
            assertThat(failure.why()).contains("shop/bare").doesNotContain("shop/web");
            assertThat(world.effects)
                    .as("nothing is evicted before a person has decided")
                    .isEmpty();
        }

        @Test
        void asksBeforeLocalDataIsLostWhenTheRunbookSaysSo() {
            world.kube.pods.add(like(web, false, true, "Running"));

            assertThat(failureOf(() -> new DrainNode()
                                    .run(
                                            new DrainNode.Input(Duration.ofMinutes(1), false),
                                            world.on("w1", "node.drain")))
                            .why())
                    .contains("emptyDir")
                    .contains("shop/web");
            assertThat(drain().state()).isEqualTo(StepState.DONE);
        }

        @Test
        void waitsAsLongAsABudgetAsksAndThenGoesOn() {
            world.kube.pods.add(web);
            answers(
                    new Eviction(Eviction.Answer.BLOCKED, "budget", Duration.ofSeconds(20)),
                    new Eviction(Eviction.Answer.CONFLICT, "conflict", Duration.ZERO));
            var start = world.clock.now();

            assertThat(drain().output().evicted()).isEqualTo(1);
            assertThat(Duration.between(start, world.clock.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(22));
            assertThat(world.effects)
                    .containsExactly("evict shop/web BLOCKED", "evict shop/web CONFLICT", "evict shop/web ACCEPTED");
        }

        @Test
        void namesPodsAndBudgetsWhenTimeIsUp() {
            world.kube.pods.add(web);
            Eviction no = new Eviction(
                    Eviction.Answer.BLOCKED,
                    "Cannot evict pod as it would violate the pod's disruption budget.",
                    Duration.ZERO);
            answers(no, no, no, no, no, no, no, no, no, no, no, no, no, no, no, no);
            world.kube.budgets.add(new DisruptionBudget("shop", "web-pdb", Map.of("app", "web"), 0, 1));
            world.kube.budgets.add(new DisruptionBudget("other", "web-pdb", Map.of("app", "web"), 0, 1));

            Failure failure = failureOf(this::drain);

            assertThat(failure.code()).isEqualTo("DRAIN_BLOCKED");
            assertThat(failure.why())
                    .contains("w1 is not empty after 1m")
                    .contains("shop/web (Cannot evict")
                    .contains("shop/web-pdb allows 0")
                    .doesNotContain("other/");
        }

        @Test
        void doesNotWaitForTwoBudgetsOnOnePod() {
            world.kube.pods.add(web);
            answers(new Eviction(
                    Eviction.Answer.MISCONFIGURED, "This pod has more than one PodDisruptionBudget", Duration.ZERO));
            world.kube.budgets.add(new DisruptionBudget("shop", "one", Map.of("app", "web"), 1, 1));
            world.kube.budgets.add(new DisruptionBudget("shop", "two", Map.of(), 1, 1));

            assertThat(failureOf(this::drain).why()).contains("shop/one").contains("shop/two");
        }

        @Test
        void goesOnWhenTheApiIsAwayForAMoment() {
            world.kube.pods.add(web);
            answers(new Eviction(Eviction.Answer.CONFLICT, "", Duration.ZERO));
            int[] ticks = new int[1];
            world.clock.onTick(() -> world.kube.unavailable = ++ticks[0] == 1 ? 1 : 0);

            assertThat(drain().state()).isEqualTo(StepState.DONE);
        }

        @Test
        void refusesANodeThatIsNotCordoned() {
            world.kube.node("w1", false, "v1.33.13");
            world.kube.pods.add(web);

            assertThat(failureOf(this::drain).code()).isEqualTo("NOT_CORDONED");
            assertThat(world.effects).isEmpty();
        }
    }
}
