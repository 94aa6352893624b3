package dev.belay.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.StepCall;
import dev.belay.model.run.StepOutcome;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.StepSignature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A hop's result holds the ledger of all its nodes, and a result may have 2 MB: entries keep what an undo needs, and no more. */
class LedgerTest {

    private static final Instant AT = Instant.EPOCH;
    private static final Map<String, Map<String, Object>> SEEN = Map.of("snapshot", Map.of("path", "/backups/1"));

    private final Ledger ledger = new Ledger(List.of());

    @Test
    void keepsOutputsOfOtherStepsOnlyForInputsThatReferToThem() {
        ledger.arm(call("plain", Map.of("hold", true)), signature("do.plain"), AT);
        ledger.arm(call("refers", Map.of("path", "${{ steps.snapshot.path }}")), signature("do.refers"), AT);

        assertThat(ledger.entries()).extracting(entry -> entry.call().outputs()).containsExactly(Map.of(), SEEN);
    }

    @Test
    void keepsNothingToUndoOfWhatCannotBeUndone() {
        StepCall call = call("drain", Map.of());
        ledger.arm(call, signature("must.drain"), AT);
        ledger.settle(call, new StepOutcome("drain", StepState.DONE, Map.of("evicted", 9), "9 pods", AT, AT));

        LedgerEntry entry = ledger.entries().get(0);
        assertThat(entry.call()).isNull();
        assertThat(entry.output()).isNull();
        assertThat(entry.state()).isEqualTo(LedgerEntry.State.DONE);
    }

    @Test
    void givesAStepThatIsTriedAgainItsPlaceAlsoWhenItCannotBeUndone() {
        ledger.arm(call("drain", Map.of()), signature("must.drain"), AT);
        ledger.arm(call("drain", Map.of()), signature("must.drain"), AT);

        assertThat(ledger.entries()).hasSize(1);
    }

    private static StepSignature signature(String uses) {
        return Plans.on("w1").prep(Plans.step(uses, "it")).plan().signatures().get(uses);
    }

    private static StepCall call(String step, Map<String, Object> with) {
        KubernetesVersion from = KubernetesVersion.parse("v1.33.13");
        KubernetesVersion to = KubernetesVersion.parse("v1.34.4");
        return new StepCall(
                "01234567",
                "lab",
                "sha256:plan",
                "sha256:inventory",
                new Hop(0, from, to, true, true, false),
                Phase.PREP,
                null,
                step,
                "do." + step,
                0,
                with,
                null,
                Map.of(),
                SEEN,
                Duration.ofMinutes(1),
                3,
                null);
    }
}
