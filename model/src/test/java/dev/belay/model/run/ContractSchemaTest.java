package dev.belay.model.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belay.model.approval.Signers.Approvals;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Blocker;
import dev.belay.model.plan.Json;
import dev.belay.model.run.RunView.Effect;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.run.RunView.Parked;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.RunView.RunbookRef;
import dev.belay.model.run.RunView.RungView;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Problem;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What scripts rely on: docs/schema says it, and the records say the same. */
class ContractSchemaTest {
    private static final KubernetesVersion FROM = KubernetesVersion.parse("v1.33.13");
    private static final KubernetesVersion TO = KubernetesVersion.parse("v1.34.4");
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void printsAParkedRunAsAgreed() {
        assertThat(SchemaCheck.problems("run.schema.json", parked())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void printsARunOfEveryStatusWithEveryStateAsAgreed(RunStatus status) {
        List<StepRecord> steps = Arrays.stream(StepState.values())
                .map(state -> step(state, null))
                .toList();
        List<PhaseView> phases = Arrays.stream(Phase.values())
                .map(phase -> new PhaseView(phase, StepState.PENDING))
                .toList();

        JsonNode printed = tree(view(null, status, null, List.of(new HopView(FROM, TO, phases)), steps));

        assertThat(SchemaCheck.problems("run.schema.json", printed)).isEmpty();
    }

    @Test
    void writesEveryKeyEvenWhereNothingIsKnown() {
        JsonNode printed = tree(view(null, RunStatus.PLANNED, null, List.of(), List.of(step(StepState.PENDING, null))));

        assertThat(printed.has("run")).isTrue();
        assertThat(printed.get("parked").isNull()).isTrue();
        assertThat(printed.get("steps").get(0).get("node").isNull()).isTrue();
        assertThat(printed.get("steps").get(0).get("why").isNull()).isTrue();
    }

    @Test
    void printsProblemsAsAgreed() {
        JsonNode printed = tree(Map.of("problems", List.of(new Problem("a.yaml", 3, 5, "cycle", "a needs itself"))));

        assertThat(SchemaCheck.problems("lint.schema.json", printed)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/status, OVER, is none of",
        "/from, 1.33.13, does not match",
        "/parked/since, 2026-11-22T13:00:00+01:00, does not match",
        "/steps/0/state, LATE, is none of",
        "/nodes/0/role, master, is none of",
        "/planDigest, md5:1, does not match",
        "/surplus, 1, not in the contract"
    })
    void noticesWhatIsNotAgreed(String pointer, String value, String complaint) {
        ObjectNode printed = (ObjectNode) parked();
        int cut = pointer.lastIndexOf('/');
        ((ObjectNode) printed.at(pointer.substring(0, cut))).put(pointer.substring(cut + 1), value);

        assertThat(SchemaCheck.problems("run.schema.json", printed))
                .isNotEmpty()
                .anyMatch(problem -> problem.contains(complaint));
    }

    @ParameterizedTest
    @CsvSource({"/status", "/parked", "/steps/0/why", "/effects/0/node", "/blockers/0/remedy"})
    void noticesWhatIsMissing(String pointer) {
        ObjectNode printed = (ObjectNode) parked();
        int cut = pointer.lastIndexOf('/');
        ((ObjectNode) printed.at(pointer.substring(0, cut))).remove(pointer.substring(cut + 1));

        assertThat(SchemaCheck.problems("run.schema.json", printed))
                .containsExactly(
                        "$" + path(pointer.substring(0, cut)) + " lacks \"" + pointer.substring(cut + 1) + "\"");
    }

    private static JsonNode parked() {
        NodeName node = new NodeName("w1");
        RunView view = view(
                "0a1b2c3d",
                RunStatus.PARKED,
                new Parked(NOON, "drain", node, "a budget blocks", List.of("belay retry 0a1b2c3d")),
                List.of(new HopView(FROM, TO, List.of(new PhaseView(Phase.WORKERS, StepState.PARKED)))),
                List.of(step(StepState.PARKED, node)));
        return tree(view);
    }

    private static StepRecord step(StepState state, NodeName node) {
        Instant started = state == StepState.PENDING ? null : NOON;
        return new StepRecord("drain", TO, Phase.WORKERS, node, "node.drain", state, 1, started, null, null);
    }

    private static RunView view(
            String run, RunStatus status, Parked parked, List<HopView> hops, List<StepRecord> steps) {
        return new RunView(
                run,
                status,
                "lab",
                new RunbookRef("kubeadm-minor", "1.0.0", "sha256:" + "a".repeat(64)),
                "sha256:" + "b".repeat(64),
                Approvals.SIGNED,
                FROM,
                TO,
                parked,
                List.of(new Node(new NodeName("w1"), NodeRole.WORKER, FROM, false, true)),
                hops,
                steps,
                List.of(new Effect(1, "lock", null, "locked")),
                List.of(new Blocker("node-not-ready", "w1", "it is not Ready", "look")),
                List.of(new RungView(
                        Rung.NODE, true, "takes w1 back", "its pods move", 0, 0, List.of(new NodeName("w1")))));
    }

    private static String path(String pointer) {
        return pointer.replace("/0", "[0]").replace('/', '.');
    }

    private static JsonNode tree(Object value) {
        try {
            return Json.mapper().readTree(Json.mapper().writeValueAsBytes(value));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
