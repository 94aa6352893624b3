package dev.belay.activities.host;

/**
 * How a job ended.
 *
 * @param known false when the host lost it (rebooted, or its whole unit was killed): the step must look for itself
 * @param exit exit code; 128 + n after a signal; -1 when not known
 * @param output at most its last 64 KB
 * @param sha256 of the whole output
 * @param rejoined it had been started by an earlier call
 */
public record JobOutcome(boolean known, int exit, String output, String sha256, boolean rejoined) {

    public boolean ok() {
        return known && exit == 0;
    }
}
