package dev.belay.activities.host;

/** What a command said: exit code (128 + n when a signal ended it), and both streams as UTF-8, each cut at 1 MB. */
public record CommandOutput(int exit, String out, String err) {

    public boolean ok() {
        return exit == 0;
    }
}
