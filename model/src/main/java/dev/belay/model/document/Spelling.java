package dev.belay.model.document;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Spelling {

    private static final int LONGEST = 60;

    private Spelling() {}

    /** The nearest of the known words, if it is near enough to be a slip of the hand: a third of its letters at most. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String best = null;
        int least = word.length() < 3 ? 1 : Math.min(word.length(), LONGEST) / 3 + 1;
        for (String candidate : known) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code ; did you mean "needs"?}, or nothing. */
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known)
                .map(meant -> "; did you mean \"" + meant + "\"?")
                .orElse("");
    }

    private static int distance(String left, String right) {
        if (left.length() > LONGEST || right.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] costs = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                costs[i][j] = cost(costs, a, b, i, j);
            }
        }
        return costs[a.length()][b.length()];
    }

    /** Letters left out, added, replaced, or two neighbours exchanged, cost one each. */
    private static int cost(int[][] costs, String a, String b, int i, int j) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        int replaced = costs[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(least, costs[i - 2][j - 2] + 1) : least;
    }
}
