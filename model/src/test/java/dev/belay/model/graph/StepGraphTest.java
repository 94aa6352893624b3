package dev.belay.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.model.run.StepState;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepGraphTest {

    private static final List<Step> DIAMOND =
            List.of(step("join", "left", "right"), step("right", "root"), step("left", "root"), step("root"));

    @Test
    void startsWhatNeedsNothing() {
        assertThat(ids(StepGraph.of(DIAMOND).ready(Map.of()))).containsExactly("root");
    }

    @Test
    void startsBothSidesInDeclaredOrderOnceTheRootIsDone() {
        assertThat(ids(StepGraph.of(DIAMOND).ready(Map.of("root", StepState.DONE))))
                .containsExactly("right", "left");
    }

    @Test
    void takesSkippedAndAlreadyDoneForSatisfied() {
        Map<String, StepState> states =
                Map.of("root", StepState.DONE, "left", StepState.SKIPPED, "right", StepState.ALREADY_DONE);

        assertThat(ids(StepGraph.of(DIAMOND).ready(states))).containsExactly("join");
    }

    @Test
    void waitsForParkedAndRunningSteps() {
        Map<String, StepState> states =
                Map.of("root", StepState.DONE, "left", StepState.PARKED, "right", StepState.RUNNING);

        assertThat(StepGraph.of(DIAMOND).ready(states)).isEmpty();
        assertThat(StepGraph.of(DIAMOND).isComplete(states)).isFalse();
    }

    @Test
    void isCompleteWhenEveryStepIsSatisfied() {
        StepGraph graph = StepGraph.of(List.of(step("a"), step("b", "a")));

        assertThat(graph.isComplete(Map.of("a", StepState.SKIPPED, "b", StepState.DONE)))
                .isTrue();
    }

    @Test
    void seesThroughNeedsToEverythingUpstream() {
        assertThat(StepGraph.of(DIAMOND).upstreamOf("join")).containsExactly("right", "left", "root");
        assertThat(StepGraph.of(DIAMOND).upstreamOf("root")).isEmpty();
    }

    @Test
    void undoesInTheOppositeOrderOfDoing() {
        StepGraph graph = StepGraph.of(DIAMOND);

        assertThat(ids(graph.topological())).containsExactly("root", "left", "right", "join");
        assertThat(ids(graph.reversed())).containsExactly("join", "right", "left", "root");
    }

    @Test
    void ordersEveryStepAfterItsNeedsInAnyGraph() {
        for (long seed = 1; seed <= 50; seed++) {
            List<Step> steps = randomGraph(new Random(seed));

            List<String> order = ids(StepGraph.of(steps).topological());

            assertThat(order).hasSameSizeAs(steps);
            for (Step step : steps) {
                for (String need : step.needs()) {
                    assertThat(order.indexOf(need)).isLessThan(order.indexOf(step.id()));
                }
            }
        }
    }

    @Test
    void findsEveryProblemAtOnce() {
        List<Step> steps = List.of(step("a", "b"), step("b", "a"), step("c", "gone"), step("c"), step("self", "self"));

        assertThat(GraphCheck.problems(steps))
                .extracting(GraphProblem::rule, GraphProblem::index, GraphProblem::need)
                .containsExactly(
                        tuple("duplicate-id", 3, -1),
                        tuple("missing-need", 2, 0),
                        tuple("cycle", 0, 0),
                        tuple("cycle", 4, 0));
    }

    @Test
    void namesTheWayAroundACycleAndNotWhatHangsBehindIt() {
        List<Step> steps = List.of(step("late", "c"), step("a", "c"), step("b", "a"), step("c", "b"));

        assertThat(GraphCheck.problems(steps))
                .extracting(GraphProblem::message)
                .containsExactly("these steps wait for each other: c needs b needs a needs c");
    }

    @Test
    void findsACycleOfTenThousandStepsWithoutExhaustingTheStack() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            steps.add(step("s" + i, "s" + (i + 1) % 10_000));
        }

        assertThat(GraphCheck.problems(steps)).hasSize(1);
    }

    @Test
    void refusesToStandOnABrokenList() {
        assertThatThrownBy(() -> StepGraph.of(List.of(step("a", "gone"), step("b", "b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gone")
                .hasMessageContaining("b needs b");
    }

    private static List<Step> randomGraph(Random random) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String[] needs = random.ints(0, i + 1)
                    .limit(3)
                    .filter(n -> n > 0)
                    .distinct()
                    .mapToObj(n -> "s" + (n - 1))
                    .toArray(String[]::new);
            steps.add(step("s" + i, needs));
        }
        Collections.shuffle(steps, random);
        return steps;
    }

    private static Step step(String id, String... needs) {
        return new SoakStep(id, List.of(needs), null, "1s");
    }

    private static List<String> ids(List<Step> steps) {
        return steps.stream().map(Step::id).toList();
    }
}
