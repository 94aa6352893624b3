package dev.belay.model.diagnosis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One known failure, or one message that looks bad and means nothing.
 *
 * @param id its file's name
 * @param explains ids of what follows from it and is no cause of its own beside it
 * @param next what to look at next
 * @param remedy empty where there is nothing to do
 * @param risk of the remedy
 * @param sources where a reader finds it told by those who maintain the component, or who met it
 */
public record Rule(
        String id,
        String title,
        String explanation,
        List<Sign> signs,
        List<String> explains,
        List<String> next,
        String remedy,
        String risk,
        List<String> sources,
        Samples samples) {

    /** Texts in which its signs are, and texts that only look so. */
    public record Samples(List<String> positive, List<String> negative) {}

    /** A rule as its file has it. */
    record Written(
            @Nullable String title,
            @Nullable String explanation,
            @Nullable List<Sign> signs,
            @Nullable List<String> explains,
            @Nullable List<String> next,
            @Nullable String remedy,
            @Nullable String risk,
            @Nullable List<String> sources,
            @Nullable Samples samples) {

        Rule asCause(String id) {
            needed(id, "next", next);
            needed(id, "remedy", remedy);
            needed(id, "risk", risk);
            return as(id);
        }

        Rule as(String id) {
            return new Rule(
                    id,
                    needed(id, "title", title),
                    needed(id, "explanation", explanation),
                    needed(id, "signs", signs),
                    explains == null ? List.of() : explains,
                    next == null ? List.of() : next,
                    remedy == null ? "" : remedy,
                    risk == null ? "" : risk,
                    needed(id, "sources", sources),
                    needed(id, "samples", samples));
        }

        private static <T> T needed(String id, String field, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(id + ": no " + field);
            }
            return value;
        }
    }
}
