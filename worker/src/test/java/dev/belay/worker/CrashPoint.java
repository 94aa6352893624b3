package dev.belay.worker;

import java.util.regex.Pattern;

/**
 * Before or after which effect a worker is lost. Steps over several hosts run side by side, so an effect is known by what it does and how
 * often that was done before, not by its number; ids of runs are left out.
 *
 * @param what empty for nowhere
 * @param occurrence from 1
 */
record CrashPoint(String what, int occurrence, boolean before) {

    static final CrashPoint NOWHERE = new CrashPoint("", 0, true);

    private static final String NO_CHANGE = " (no change)";
    private static final Pattern RUN = Pattern.compile("(?<![0-9a-z])([0-9a-f]{8}|[0-9a-f]{16}|[0-9]{13})(?![0-9a-z])");

    /** The same words in every run. */
    static String plain(String effect) {
        String asked = effect.endsWith(NO_CHANGE) ? effect.substring(0, effect.length() - NO_CHANGE.length()) : effect;
        return RUN.matcher(asked).replaceAll("<run>");
    }

    static boolean isChange(String effect) {
        return !effect.endsWith(NO_CHANGE);
    }

    Watch watch() {
        return new Watch();
    }

    @Override
    public String toString() {
        return (before ? "before " : "after ") + what + (occurrence > 1 ? ", time " + occurrence : "");
    }

    /** Looks out for the point in one climb; it comes once. */
    final class Watch {

        private int seen;
        private int number;

        synchronized boolean isBefore(int next, String effect) {
            if (!plain(effect).equals(what) || ++seen != occurrence) {
                return false;
            }
            number = next;
            return before;
        }

        synchronized boolean isAfter(int done) {
            return !before && done == number;
        }
    }
}
