package dev.belay.cli.text;

import java.util.List;

/** Names in a sentence, not too many of them. */
final class Places {

    private static final int MOST = 5;

    private Places() {}

    static String of(List<String> names) {
        if (names.size() <= MOST) {
            return String.join(" ", names);
        }
        return String.join(" ", names.subList(0, MOST - 1)) + " and " + (names.size() - MOST + 1) + " more";
    }
}
