package dev.belay.cli;

import picocli.CommandLine.Option;

/** What following does when the run needs a person. */
final class OnPark {

    @Option(
            names = "--on-park",
            paramLabel = "wait|exit",
            description = "When the run needs a person: go on showing it (default), or end with code 5")
    private Choice choice = Choice.wait;

    boolean ends() {
        return choice == Choice.exit;
    }

    /** As typed. */
    enum Choice {
        wait,
        exit
    }
}
