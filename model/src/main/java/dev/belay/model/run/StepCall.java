package dev.belay.model.run;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.runbook.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input of every step activity. The activity type is {@code uses}, {@code uses + ".undo"} or {@code uses + ".reverse"}.
 *
 * @param run the run id, eight hex digits
 * @param cluster its name in the inventory; {@code cluster.name} to expressions
 * @param step its id; for an undo {@code <id>.undo}, for a reversal {@code <id>.reverse}, of a step that was retried {@code <id>.undo-<redo>}, so
 *     that its remote work has a key of its own
 * @param redo 0 at first; a person's retry adds one, and with it a new remote job
 * @param with the step's inputs as written; references are resolved by the activity
 * @param when the step's condition as written; false makes the outcome SKIPPED
 * @param inputs the run's inputs: numbers and booleans as such, everything else as text ({@code Runbook.values})
 * @param outputs outputs of the steps in {@code needs} (and of those upstream of them), by step id
 * @param timeout for this attempt
 * @param attempts TRANSIENT failures after which the step is given up; attempts lost with a worker do not count
 * @param undoOf for an undo: the output of the step that is undone, null when its outcome is not known
 */
public record StepCall(
        String run,
        String cluster,
        String planDigest,
        String inventoryDigest,
        Hop hop,
        Phase phase,
        @Nullable NodeCall node,
        String step,
        String uses,
        int redo,
        Map<String, Object> with,
        @Nullable String when,
        Map<String, Object> inputs,
        Map<String, Map<String, Object>> outputs,
        Duration timeout,
        int attempts,
        @Nullable Map<String, Object> undoOf) {

    public StepCall {
        with = new LinkedHashMap<>(with);
        inputs = new LinkedHashMap<>(inputs);
        outputs = new LinkedHashMap<>(outputs);
    }

    /** Stable name of the remote work of this step: {@code <run>/<hop>/<node>/<step>/<redo>}. Never the attempt. */
    public String key() {
        String where = node == null ? "cluster" : node.name().value();
        return run + "/" + hop.to() + "/" + where + "/" + step + "/" + redo;
    }

    /** The id of the step itself, for what takes it back too. */
    public String origin() {
        int dot = step.indexOf('.');
        return dot < 0 ? step : step.substring(0, dot);
    }

    /** What an undo needs of it: outputs of other steps only where its inputs refer to them. */
    public StepCall forUndo() {
        boolean refers = with.toString().contains("steps.");
        return unconditional(step, redo, refers ? outputs : Map.of(), undoOf);
    }

    /** What takes this step back: the same call under a key of its own, which no taking back of an earlier try has had. */
    public StepCall back(String how, int redo, @Nullable Map<String, Object> output) {
        String name = this.redo == 0 ? step + how : step + how + "-" + this.redo;
        return unconditional(name, redo, outputs, output == null ? null : new LinkedHashMap<>(output));
    }

    private StepCall unconditional(
            String step, int redo, Map<String, Map<String, Object>> outputs, @Nullable Map<String, Object> undoOf) {
        return new StepCall(
                run,
                cluster,
                planDigest,
                inventoryDigest,
                hop,
                phase,
                node,
                step,
                uses,
                redo,
                with,
                null,
                inputs,
                outputs,
                timeout,
                attempts,
                undoOf);
    }

    /**
     * The node a step runs for.
     *
     * @param version its kubelet's when the plan was made
     * @param first the first node of its role in the inventory's order
     * @param last the last one
     */
    public record NodeCall(
            NodeName name,
            String role,
            @Nullable KubernetesVersion version,
            String zone,
            int index,
            boolean first,
            boolean last) {}
}
