package dev.belay.model.document;

import dev.belay.model.runbook.InvalidDocument;
import dev.belay.model.runbook.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Everything wrong in one file, collected while it is read. Messages become one printable line each, whatever the file holds. */
public final class Problems {

    private static final int MOST = 500;
    private static final int LONGEST = 400;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\s]+");
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    public Problems(String file) {
        this.file = file;
    }

    public void add(Position at, String rule, String message) {
        String line = UNPRINTABLE.matcher(message).replaceAll(" ").strip();
        String whole = line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
        found.add(new Problem(file, at.line(), at.column(), rule, whole));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the file. When there are very many, the last says how many more there are. */
    public List<Problem> sorted() {
        List<Problem> sorted =
                found.stream().distinct().sorted(BY_PLACE).limit(MOST).toList();
        long more = found.stream().distinct().count() - sorted.size();
        if (more == 0) {
            return sorted;
        }
        List<Problem> cut = new ArrayList<>(sorted);
        cut.add(new Problem(file, 0, 0, "too-many-problems", "and " + more + " more problems"));
        return List.copyOf(cut);
    }

    /** Throws {@link InvalidDocument} with all of them, when there is any. */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidDocument(sorted());
        }
    }
}
