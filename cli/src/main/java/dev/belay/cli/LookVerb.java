package dev.belay.cli;

import picocli.CommandLine.Parameters;

/** A verb that looks at a run and changes nothing, so that the run may be left out. */
abstract class LookVerb extends RunVerb {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            defaultValue = "@latest",
            description = "The run's eight hex digits; default: ${DEFAULT-VALUE}")
    private String reference = "";

    LookVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    final String reference() {
        return reference;
    }
}
