package dev.belay.cli.text;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.RunStatus;
import java.time.Instant;
import java.util.List;

/** {@code belay list}. */
public final class ListText {

    private static final int STATUS = 17;

    private ListText() {}

    /** A run in the list. */
    public record Row(
            String run,
            RunStatus status,
            String cluster,
            KubernetesVersion from,
            KubernetesVersion to,
            Instant startedAt,
            boolean rehearsal) {}

    public static String of(List<Row> rows, Paint paint) {
        if (rows.isEmpty()) {
            return "no runs\n";
        }
        int cluster = Math.max(
                7, rows.stream().mapToInt(row -> row.cluster().length()).max().orElse(0));
        StringBuilder text = new StringBuilder();
        text.append(paint.dim("RUN       " + Words.pad("STATUS", STATUS) + "  " + Words.pad("CLUSTER", cluster) + "  "
                        + Words.pad("CLIMB", 22) + "  STARTED"))
                .append('\n');
        for (Row row : rows) {
            text.append(row.run())
                    .append("  ")
                    .append(Words.pad(paint.word(row.status()), STATUS))
                    .append("  ")
                    .append(Words.pad(row.cluster(), cluster))
                    .append("  ")
                    .append(Words.pad(Hop.words(row.from(), row.to(), " → "), 22))
                    .append("  ")
                    .append(Words.dayAndClock(row.startedAt()))
                    .append(row.rehearsal() ? "  rehearsal" : "")
                    .append('\n');
        }
        return text.toString();
    }
}
