package dev.belay.workflows;

import io.temporal.workflow.Workflow;

/** The version of the interpreter. The only version marker, taken by the first line of each workflow, so that old histories replay. */
final class Interpreter {

    static final int VERSION = 1;

    private Interpreter() {}

    static int version() {
        return Workflow.getVersion("interpreter", VERSION, VERSION);
    }
}
