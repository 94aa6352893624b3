package dev.belay.model.runbook;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the engine and the linter know of a step type without its code. Made by the catalogue, frozen into the plan.
 *
 * @param uses its name, for example {@code node.drain}
 * @param summary one sentence for {@code belay steps}
 * @param perNode it runs for one node and may only stand in a group; otherwise only outside one
 * @param effect it changes something, so a ledger entry is written before it starts
 * @param undoable its effect can be taken back by the step type itself
 * @param reversible it can take its effect back whole, the version included, which an undo leaves
 * @param action what the ledger says was done, for example {@code cordoned}; empty without effect
 * @param timeout default for one attempt
 * @param estimate how long it usually takes, for the ETA
 */
public record StepSignature(
        String uses,
        String summary,
        boolean perNode,
        boolean effect,
        boolean undoable,
        boolean reversible,
        String action,
        Duration timeout,
        Duration estimate,
        Map<String, Field> input,
        Map<String, Field> output) {

    /** There is a way back from its effect, be it only of what it left lying about. */
    public boolean goesBack() {
        return undoable || reversible;
    }

    /** A field of a step type's input or output. {@code required} says nothing for outputs. */
    public record Field(ValueType type, boolean required, String description, List<String> oneOf) {}
}
