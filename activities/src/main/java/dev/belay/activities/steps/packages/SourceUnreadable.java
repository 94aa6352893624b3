package dev.belay.activities.steps.packages;

/** A source file that apt would not read either; the message names the line. */
final class SourceUnreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SourceUnreadable(int line, String why) {
        super("line " + line + " " + why);
    }
}
