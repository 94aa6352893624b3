package dev.belay.cli;

/** Exit codes: a contract with scripts. */
enum Exit {
    OK(0),
    /** Something went wrong, wrong usage included. */
    ERROR(1),
    /** Something stops it: {@code lint} and {@code plan}. */
    FINDINGS(2),
    /** Another run, or a state that does not fit. */
    REFUSED(3),
    /** Ended aborted or rolled back. */
    ENDED(4),
    /** Parked or awaiting an approval. */
    PERSON_NEEDED(5);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
