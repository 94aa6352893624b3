package dev.belay.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a program prints: the table of docs/performance.md. */
final class Table {

    private Table() {}

    static void head(String... columns) {
        row(columns);
        row(List.of(columns).stream().map(column -> "---").toArray(String[]::new));
    }

    static void row(String... cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
    }

    /** Progress goes to standard error. */
    static void say(String line) {
        System.err.println(line);
    }

    static void machine() {
        System.out.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
                + Runtime.getRuntime().availableProcessors() + " cores, "
                + Runtime.version().feature() + " JDK\n");
    }
}
