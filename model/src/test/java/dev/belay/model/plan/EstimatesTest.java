package dev.belay.model.plan;

import static dev.belay.model.plan.Fixtures.cluster;
import static dev.belay.model.plan.Fixtures.node;
import static dev.belay.model.plan.Fixtures.signature;
import static dev.belay.model.plan.Fixtures.step;
import static dev.belay.model.plan.Fixtures.v;
import static dev.belay.model.plan.Fixtures.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.ApprovalStep;
import dev.belay.model.runbook.Batch;
import dev.belay.model.runbook.ForEach;
import dev.belay.model.runbook.GroupStep;
import dev.belay.model.runbook.NodeSet;
import dev.belay.model.runbook.OnFailure;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import dev.belay.model.runbook.SoakStep;
import dev.belay.model.runbook.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EstimatesTest {
    private static final Hop HOP = new Hop(0, v("v1.33.13"), v("v1.34.4"), true, true, true);

    @Test
    void followsTheLongestWayThroughAList() {
        List<Step> prep = List.of(
                step("a", "minute"), step("b", "hour", "a"), step("c", "minute"), step("d", "minute", "c", "b"));

        assertThat(likely(prep, List.of())).isEqualTo(Duration.ofMinutes(62));
    }

    @Test
    void addsPhasesAndHops() {
        List<Step> one = List.of(step("a", "minute"));
        Hop second = new Hop(1, v("v1.34.4"), v("v1.35.9"), false, true, false);

        assertThat(Estimates.of(plan(List.of(HOP, second), one, List.of(step("b", "minute"))))
                        .likely())
                .isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void countsABatchOnceAndBatchesOneAfterTheOther() {
        Batch pairs = new Batch(1, "2", 20, false);
        ForEach workers = new ForEach(NodeSet.WORKERS, 0, 0, null, null, pairs);
        List<Step> steps = List.of(step("a", "minute"), step("b", "minute", "a"));

        assertThat(likely(List.of(), List.of(new GroupStep("pool", List.of(), null, workers, steps))))
                .isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void waitsForTheSlowestNodeOfABatch() {
        ForEach together = new ForEach(NodeSet.WORKERS, 0, 0, null, null, new Batch(0, "100%", 20, false));
        List<Step> steps = List.of(when("a", "minute", "!node.first"), when("b", "hour", "node.first"));

        assertThat(likely(List.of(), List.of(new GroupStep("pool", List.of(), null, together, steps))))
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void leavesOutWhatIsKnownToBeSkippedAndWhatPeopleTake() {
        List<Step> prep = List.of(
                when("a", "hour", "!hop.first"),
                new ApprovalStep("go", List.of("a"), null, "Go?", 1, false, Duration.ofHours(12)),
                new SoakStep("rest", List.of("go"), null, "90s"));

        assertThat(likely(prep, List.of())).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void countsAStepWhoseConditionIsOpen() {
        assertThat(likely(List.of(step("a", "minute"), when("b", "hour", "steps.a.found")), List.of()))
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void takesOffWhatIsDone() {
        ForEach workers = new ForEach(NodeSet.WORKERS, 0, 0, null, null, Batch.ONE);
        Plan plan = plan(
                List.of(HOP),
                List.of(step("a", "hour")),
                List.of(new GroupStep("pool", List.of(), null, workers, List.of(step("b", "minute")))));

        Estimate left = Estimates.remaining(
                plan,
                List.of(
                        record("a", Phase.PREP, null, StepState.ALREADY_DONE),
                        record("b", Phase.WORKERS, "w1", StepState.DONE),
                        record("b", Phase.WORKERS, "w2", StepState.PARKED)));

        assertThat(Estimates.of(plan).likely()).isEqualTo(Duration.ofMinutes(65));
        assertThat(left.likely()).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void givesARangeAroundWhatIsLikely() {
        assertThat(Estimates.of(plan(List.of(HOP), List.of(step("a", "hour")), List.of())))
                .isEqualTo(new Estimate(Duration.ofMinutes(42), Duration.ofHours(1), Duration.ofMinutes(90)));
    }

    @Test
    void isFastForThousandsOfNodes() {
        ForEach workers = new ForEach(NodeSet.WORKERS, 0, 0, null, null, new Batch(1, "10%", 20, false));
        List<Step> group = List.of(new GroupStep("pool", List.of(), null, workers, List.of(step("b", "minute"))));
        Plan plan = plan(List.of(HOP), List.of(), group, Fixtures.workers(5000).toArray(NodeFacts[]::new));

        assertThat(Estimates.of(plan).likely()).isEqualTo(Duration.ofMinutes(251));
        assertThat(Expansion.steps(plan)).hasSize(5000);
    }

    private static Duration likely(List<Step> prep, List<Step> workers) {
        return Estimates.of(plan(List.of(HOP), prep, workers)).likely();
    }

    private static StepRecord record(String id, Phase phase, String node, StepState state) {
        NodeName name = node == null ? null : new NodeName(node);
        return new StepRecord(id, v("v1.34.4"), phase, name, "x", state, 1, null, null, null);
    }

    private static Plan plan(List<Hop> hops, List<Step> prep, List<Step> workers) {
        String at = "v1.33.13";
        return plan(
                hops, prep, workers, node("w1", at), node("w2", at), node("w3", at), node("w4", at), node("w5", at));
    }

    private static Plan plan(List<Hop> hops, List<Step> prep, List<Step> workers, NodeFacts... nodes) {
        Runbook runbook = new Runbook(
                "test",
                "1.0.0",
                "",
                Purpose.UPGRADE,
                Map.of(),
                null,
                3,
                OnFailure.PARK,
                prep,
                List.of(),
                workers,
                List.of());
        return new Plan(
                runbook,
                "sha256:r",
                cluster("v1.33.13", nodes),
                "sha256:i",
                List.of(),
                v("v1.33.13"),
                v("v1.34.4"),
                hops,
                Map.of(),
                Map.of(
                        "minute", signature("minute", true, false, "PT1M"),
                        "hour", signature("hour", true, false, "PT1H")),
                "sha256:p");
    }
}
