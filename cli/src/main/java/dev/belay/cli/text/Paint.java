package dev.belay.cli.text;

import dev.belay.model.run.RunStatus;
import dev.belay.model.run.StepState;

/** Colours and glyphs, or neither. A glyph is always one column wide. */
public enum Paint {
    PLAIN,
    COLOURED;

    private static final int GREEN = 32;
    private static final int RED = 31;
    private static final int YELLOW = 33;
    private static final int CYAN = 36;
    private static final int BOLD = 1;
    private static final int DIM = 2;

    public String bold(String text) {
        return dye(BOLD, text);
    }

    public String dim(String text) {
        return dye(DIM, text);
    }

    public String alarm(String text) {
        return dye(RED, text);
    }

    /** The state's sign. */
    public String sign(StepState state) {
        return switch (state) {
            case PENDING -> dye(DIM, "·");
            case RUNNING -> dye(CYAN, "●");
            case WAITING -> dye(YELLOW, "◌");
            case PARKED -> dye(RED, "■");
            case DONE -> dye(GREEN, "✔");
            case ALREADY_DONE -> dye(GREEN, "=");
            case SKIPPED -> dye(DIM, "–");
            case UNDONE -> dye(YELLOW, "↶");
        };
    }

    /** The status as a word. */
    public String word(RunStatus status) {
        return switch (status) {
            case COMPLETED -> dye(GREEN, status.name());
            case PARKED, ABORTED, ROLLED_BACK -> dye(RED, status.name());
            case AWAITING_APPROVAL, PAUSED -> dye(YELLOW, status.name());
            case PLANNED, RUNNING -> dye(CYAN, status.name());
        };
    }

    private String dye(int code, String text) {
        return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
