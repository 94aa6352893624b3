package dev.belay.workflows;

import dev.belay.model.run.Command;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One hop: four phases, each a graph; groups are loops over batches of awaited node children. */
@WorkflowInterface
public interface HopWorkflow {

    @WorkflowMethod(name = "belay.hop")
    HopState climb(HopInput input);

    /** A command that the run has accepted, sent on. */
    @SignalMethod
    void command(Command command);

    /** A node of this hop stands still, or goes on. While one stands, no new step and no new batch begins. */
    @SignalMethod
    void notice(Notice notice);

    @QueryMethod
    HopState state();
}
