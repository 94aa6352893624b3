package dev.belay.cli.text;

import dev.belay.model.runbook.Durations;
import dev.belay.model.runbook.StepSignature;
import dev.belay.model.runbook.StepSignature.Field;
import java.util.List;
import java.util.Map;

/** The catalogue of step types. */
public final class StepsText {

    private StepsText() {}

    public static String list(List<StepSignature> signatures, Paint paint) {
        int width = signatures.stream()
                .mapToInt(signature -> signature.uses().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        signatures.forEach(signature -> text.append(paint.bold(Words.pad(signature.uses(), width)))
                .append("  ")
                .append(signature.summary())
                .append('\n'));
        return text.toString();
    }

    public static String one(StepSignature signature, Paint paint) {
        StringBuilder text = new StringBuilder();
        text.append(paint.bold(signature.uses()))
                .append("  ")
                .append(signature.summary())
                .append("\n\n");
        line(text, "runs", signature.perNode() ? "once per node, inside a group" : "once per hop, outside groups");
        line(text, "changes", changes(signature));
        line(text, "timeout", Durations.format(signature.timeout()) + " for one attempt, unless the runbook says");
        line(text, "takes", "about " + Durations.format(signature.estimate()));
        fields(text, "with", signature.input(), true);
        fields(text, "gives", signature.output(), false);
        return text.toString();
    }

    private static String changes(StepSignature signature) {
        if (!signature.effect()) {
            return "nothing";
        }
        return signature.action() + (signature.undoable() ? ", undone by an abort" : ", a point of no return");
    }

    private static void fields(StringBuilder text, String title, Map<String, Field> fields, boolean input) {
        if (fields.isEmpty()) {
            line(text, title, "nothing");
            return;
        }
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        String label = title;
        for (Map.Entry<String, Field> entry : fields.entrySet()) {
            Field field = entry.getValue();
            String oneOf = field.oneOf().isEmpty() ? "" : ", one of " + String.join(" ", field.oneOf());
            String needed = input && field.required() ? ", required" : "";
            line(
                    text,
                    label,
                    Words.pad(entry.getKey(), width) + "  " + field.description() + " ("
                            + field.type().text() + oneOf + needed + ")");
            label = "";
        }
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("  ").append(Words.pad(label, 9)).append(value).append('\n');
    }
}
