package dev.belay.cli.text;

import dev.belay.model.diagnosis.Diagnosis;
import dev.belay.model.diagnosis.Diagnosis.Cause;
import dev.belay.model.diagnosis.Diagnosis.Harmless;
import java.util.List;

/** {@code belay diagnose}: the causes, the likeliest first, each with the lines that show it and what to do. */
public final class DiagnosisText {

    private static final int LABEL = 11;
    private static final int MOST = 8;

    private final Paint paint;
    private final int columns;
    private final StringBuilder text = new StringBuilder();

    private DiagnosisText(Paint paint, int columns) {
        this.paint = paint;
        this.columns = columns;
    }

    public static String of(Diagnosis diagnosis, Paint paint, int columns) {
        DiagnosisText page = new DiagnosisText(paint, columns);
        diagnosis.causes().forEach(page::cause);
        if (diagnosis.causes().isEmpty()) {
            page.text.append(diagnosis.summary()).append('\n');
        }
        diagnosis.harmless().forEach(page::harmless);
        return page.text.toString();
    }

    /** How likely, in percent. */
    public static String likely(Cause cause) {
        return Math.round(cause.confidence() * 100) + "%";
    }

    private void cause(Cause cause) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(paint.bold(cause.title()))
                .append("  (")
                .append(likely(cause))
                .append(", ")
                .append(cause.id())
                .append(")\n");
        labelled(
                "follows", cause.explainedBy().isEmpty() ? List.of() : List.of(String.join(", ", cause.explainedBy())));
        labelled("why", List.of(cause.explanation()));
        labelled("seen", cause.evidence());
        labelled("look at", cause.next());
        labelled("remedy", List.of(cause.remedy()));
        labelled("risk", List.of(cause.risk()));
        labelled("source", cause.sources());
    }

    private void harmless(Harmless harmless) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append("Harmless: ").append(harmless.title()).append('\n');
        labelled("why", List.of(harmless.explanation()));
        labelled("seen", harmless.evidence());
    }

    private void labelled(String label, List<String> values) {
        String left = label;
        for (String value : values) {
            for (String line : Words.wrap(Words.line(value), columns - LABEL, MOST)) {
                text.append("  ")
                        .append(paint.dim(Words.pad(left, LABEL - 2)))
                        .append(line)
                        .append('\n');
                left = "";
            }
        }
    }
}
