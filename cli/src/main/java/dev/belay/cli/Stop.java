package dev.belay.cli;

/** Ends a verb with an exit code and one message for people. */
final class Stop extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Exit exit;

    private Stop(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    static Stop error(String message) {
        return new Stop(Exit.ERROR, message);
    }

    static Stop refused(String message) {
        return new Stop(Exit.REFUSED, message);
    }

    static Stop with(Exit exit, String message) {
        return new Stop(exit, message);
    }

    Exit exit() {
        return exit;
    }
}
