package dev.belay.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.Rung;
import dev.belay.model.runbook.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A climb that was broken on purpose and went back by one rung, and in what the world is now another than before.
 *
 * @param hop that was broken, by the version it leads to
 * @param fault as it could be typed; empty when the phase has no step that can be broken
 * @param rung null when no way back was open there
 * @param node the one that went back, for the rung node
 * @param ended how the run that went back ended; null when there was none
 * @param may differ, and why
 * @param mustNot differ, and do
 * @param refused why the way back stopped before it changed anything; null when it did not
 * @param problem why it came to no end; null when it did
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RoundTrip(
        KubernetesVersion hop,
        Phase phase,
        String fault,
        @Nullable Rung rung,
        @Nullable NodeName node,
        @Nullable RunStatus ended,
        List<Difference> may,
        List<Difference> mustNot,
        @Nullable String refused,
        @Nullable String problem) {

    public RoundTrip {
        may = List.copyOf(may);
        mustNot = List.copyOf(mustNot);
    }

    /** One field; {@code before} and {@code after} are null where it was not there. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Difference(
            String field, @Nullable String before, @Nullable String after, String why) {}

    public boolean passed() {
        return mustNot.isEmpty() && problem == null;
    }

    static RoundTrip untried(KubernetesVersion hop, Phase phase, String fault, @Nullable String problem) {
        return new RoundTrip(hop, phase, fault, null, null, null, List.of(), List.of(), null, problem);
    }
}
