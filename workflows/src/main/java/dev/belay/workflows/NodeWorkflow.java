package dev.belay.workflows;

import dev.belay.model.run.Command;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** A group's graph on one node: the history an on-call engineer reads. */
@WorkflowInterface
public interface NodeWorkflow {

    @WorkflowMethod(name = "belay.node")
    NodeState work(NodeInput input);

    /** A command that the run has accepted, sent on. */
    @SignalMethod
    void command(Command command);

    @QueryMethod
    NodeState state();
}
