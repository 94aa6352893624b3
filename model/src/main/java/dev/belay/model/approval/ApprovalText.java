package dev.belay.model.approval;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs: one line a fact, readable, and the same from the one who signs and the engine that checks. A change of it would void
 * what runs under way have accepted: a new form is a new first line.
 *
 * @param run eight hex digits
 * @param step that asks
 * @param asked since when it asks: an answer to an earlier question is none to a later one
 * @param reason what it asks
 */
public record ApprovalText(
        Plan plan,
        String run,
        KubernetesVersion hop,
        String step,
        @Nullable NodeName node,
        Instant asked,
        String reason) {

    private static final String FIRST = "belay approval 1";

    /** Everything that is approved, by whom, and in which command. */
    public String of(Command command) {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        line(text, "cluster", plan.cluster().name());
        line(text, "run", run);
        line(text, "command", command.commandId());
        line(text, "approves", step);
        if (node != null) {
            line(text, "node", node.value());
        }
        line(text, "asks", reason);
        line(text, "since", asked.toString());
        line(text, "from", plan.from().toString());
        line(text, "hop", hop.toString());
        line(text, "plan", plan.digest());
        snapshot(text);
        line(text, "by", command.actor());
        line(text, "reason", command.reason());
        return text.toString();
    }

    /** The one that a restore goes back to. */
    private void snapshot(StringBuilder text) {
        for (String input : new String[] {"snapshot", "set"}) {
            String value = plan.inputs().get(input);
            if (value != null) {
                line(text, input, value);
            }
        }
    }

    /** One line, whatever stands in it: nobody can write a line of their own into a reason. */
    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(':').append(value.isEmpty() ? "" : " ");
        value.chars().forEach(unit -> append(text, (char) unit));
        text.append('\n');
    }

    private static void append(StringBuilder text, char unit) {
        boolean plain = unit >= ' ' && unit != '\\' && (unit < 0x7f || Character.isLetterOrDigit(unit));
        if (plain) {
            text.append(unit);
        } else {
            text.append(String.format("\\u%04x", (int) unit));
        }
    }
}
