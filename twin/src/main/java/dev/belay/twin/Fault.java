package dev.belay.twin;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.StepCall;
import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong at one step.
 *
 * @param step its id, or a step type: then the first step of that type
 * @param node for a step of a node, the one it is to happen to; for any other step, the node it is to happen at. Null for the first
 */
public record Fault(String step, FaultKind kind, @Nullable NodeName node) {

    /** Reads {@code <step>=<fault>[@node]}. */
    public static Fault parse(String text) {
        int equals = text.indexOf('=');
        int at = text.indexOf('@', equals + 1);
        String name = text.substring(equals + 1, at < 0 ? text.length() : at);
        if (equals <= 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a fault: it should look like drain=drain-blocked@w1");
        }
        FaultKind kind = FaultKind.find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + name + "\" is not a fault: it should be one of " + FaultKind.all()));
        return new Fault(text.substring(0, equals), kind, at < 0 ? null : new NodeName(text.substring(at + 1)));
    }

    boolean matches(StepCall call) {
        boolean named = step.equals(call.step()) || step.equals(call.uses());
        return named
                && (node == null
                        || call.node() == null
                        || node.equals(call.node().name()));
    }

    @Override
    public String toString() {
        return step + "=" + kind.text() + (node == null ? "" : "@" + node);
    }
}
