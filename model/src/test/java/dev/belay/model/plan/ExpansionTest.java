package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.cluster;
import static dev.belay.model.plan.Fixtures.node;
import static dev.belay.model.plan.Fixtures.signature;
import static dev.belay.model.plan.Fixtures.step;
import static dev.belay.model.plan.Fixtures.v;
import static dev.belay.model.plan.Fixtures.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.run.StepCall.NodeCall;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.Batch;
import dev.belay.model.runbook.ForEach;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.InputSpec;
import dev.belay.model.runbook.NodeSet;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import dev.belay.model.runbook.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpansionTest {
    private static final ClusterFacts CLUSTER = cluster(
            "v1.33.13",
            node("cp1", "v1.33.13"),
            node("cp2", "v1.33.13"),
            node("w1@a", "v1.33.13"),
            node("w2@b", "v1.33.13"));

    private static final InputSpec SOAK = new InputSpec(ValueType.DURATION, "5m", "Rest");

    @Test
    void ordersStepsByNeedsAndThenAsWritten() {
        Plan plan = plan(List.of(step("late", "check", "early"), step("other", "check"), step("early", "check")));

        assertThat(Expansion.steps(plan)).extracting(PlannedStep::id).containsExactly("early", "late", "other");
    }

    @Test
    void runsAGroupNodeByNodeInTheOrderOfItsBatches() {
        Plan plan = plan(List.of(new GroupStep(
                "pool",
                List.of(),
                null,
                new ForEach(NodeSet.WORKERS, 0, 0, null, null, Batch.ONE),
                List.of(step("cordon", "act"), step("drain", "burn", "cordon")))));

        assertThat(Expansion.steps(plan))
                .extracting(step -> step.id() + " " + step.node())
                .containsExactly("cordon w1", "drain w1", "cordon w2", "drain w2");
    }

    @Test
    void repeatsEveryPhaseForEveryHop() {
        Hop first = new Hop(0, v("v1.32.13"), v("v1.33.13"), true, false, false);
        Hop last = new Hop(1, v("v1.33.13"), v("v1.34.4"), false, true, true);
        Plan plan = plan(List.of(first, last), List.of(step("access", "check")));

        assertThat(Expansion.steps(plan))
                .extracting(step -> step.hop() + " " + step.phase().text() + " " + step.id())
                .containsExactly("v1.33.13 prep access", "v1.34.4 prep access");
    }

    @Test
    void saysHowEachStepIsTakenBackAndHowLongItTakes() {
        Plan plan = plan(List.of(
                step("look", "check"),
                step("mark", "act"),
                step("jump", "burn"),
                new ApprovalStep("go", List.of(), null, "Go?", 1, false, Duration.ofHours(1)),
                new SoakStep("rest", List.of(), null, "${{ inputs.soak }}"),
                new SoakStep("nap", List.of(), null, "1h30m")));

        assertThat(Expansion.steps(plan))
                .extracting(step -> step.uses() + ": " + step.undo() + ", " + step.estimate())
                .containsExactly(
                        "check: none needed, PT5S",
                        "act: undone by belay, PT10S",
                        "burn: point of no return, PT1M",
                        "approval: none needed, PT0S",
                        "soak: none needed, PT30S",
                        "soak: none needed, PT1H30M");
    }

    @Test
    void saysWhichStepsAreKnownToBeSkipped() {
        ForEach all = new ForEach(NodeSet.CONTROL_PLANE, 0, 0, null, null, Batch.ONE);
        Plan plan = plan(List.of(
                when("first", "check", "hop.first"),
                when("second", "check", "!hop.first"),
                when("open", "check", "steps.first.found"),
                new GroupStep("members", List.of(), null, all, List.of(when("apply", "burn", "node.first"))),
                new GroupStep("never", List.of(), "hop.index > 5", all, List.of(step("more", "check")))));

        assertThat(Expansion.steps(plan))
                .filteredOn(PlannedStep::skipped)
                .extracting(step -> step.id() + " " + step.node())
                .containsExactly("second null", "apply cp2", "more cp1", "more cp2");
    }

    @Test
    void countsANodeAmongThoseOfItsRole() {
        assertThat(CLUSTER.nodes())
                .extracting(node -> Expansion.nodeCall(CLUSTER, node))
                .containsExactly(
                        new NodeCall(CLUSTER.nodes().get(0).name(), "controlPlane", v("v1.33.13"), "", 0, true, false),
                        new NodeCall(CLUSTER.nodes().get(1).name(), "controlPlane", v("v1.33.13"), "", 1, false, true),
                        new NodeCall(CLUSTER.nodes().get(2).name(), "worker", v("v1.33.13"), "a", 0, true, false),
                        new NodeCall(CLUSTER.nodes().get(3).name(), "worker", v("v1.33.13"), "b", 1, false, true));
    }

    @Test
    void refusesANodeOfAnotherCluster() {
        assertThatThrownBy(() -> Expansion.nodeCall(CLUSTER, node("w9", "v1.33.13")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w9");
    }

    private static Plan plan(List<Step> prep) {
        return plan(List.of(new Hop(0, v("v1.33.13"), v("v1.34.4"), true, true, true)), prep);
    }

    private static Plan plan(List<Hop> hops, List<Step> prep) {
        Runbook runbook = new Runbook(
                "test",
                "1.0.0",
                "",
                Purpose.UPGRADE,
                Map.of("soak", SOAK),
                null,
                3,
                OnFailure.PARK,
                prep,
                List.of(),
                List.of(),
                List.of());
        return new Plan(
                runbook,
                "sha256:r",
                CLUSTER,
                "sha256:i",
                List.of(),
                hops.get(0).from(),
                hops.get(hops.size() - 1).to(),
                hops,
                Map.of("soak", "30s"),
                Map.of(
                        "check", signature("check", false, false, "PT5S"),
                        "act", signature("act", true, true, "PT10S"),
                        "burn", signature("burn", true, false, "PT1M")),
                "sha256:p");
    }
}
