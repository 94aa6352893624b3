package dev.belay.workflows;

import dev.belay.model.run.Command;
import dev.belay.model.run.Reply;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One climb of one cluster; its workflow id {@code k8s-upgrade/<cluster>} is the lock. Takes every command, passes it to the level it is
 * meant for, and keeps the record. It never fails: it completes, is aborted, or stands. (Only an input that cannot be run at all is refused,
 * before anything was done.) A Temporal cancel is a safe stop: running steps finish, and all is left standing as it is.
 */
@WorkflowInterface
public interface RunWorkflow {

    @WorkflowMethod(name = "belay.run")
    RunState run(RunInput input);

    /** Answers at once; the engine acts afterwards. A command that does not fit is answered REFUSED, so that it stands in history. */
    @UpdateMethod
    Reply command(Command command);

    /** Refuses only what is malformed. */
    @UpdateValidatorMethod(updateName = "command")
    void validate(Command command);

    /** A level below stands still, or goes on. */
    @SignalMethod
    void notice(Notice notice);

    /** The hop entered a phase or finished a batch. */
    @SignalMethod
    void progress(Progress progress);

    @QueryMethod
    RunState state();
}
