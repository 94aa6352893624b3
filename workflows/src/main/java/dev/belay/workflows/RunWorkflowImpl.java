package dev.belay.workflows;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link RunWorkflow}. Continues as new only between two hops. */
public class RunWorkflowImpl implements RunWorkflow {

    private final RunInput input;
    private final Plan plan;
    private final String id = Workflow.getInfo().getWorkflowId();
    private final String run = Belay.runId(Workflow.getInfo().getFirstExecutionRunId());
    private final Supplier<Boolean> historyIsLong;
    private final Controls controls;
    private final Waiting waiting;
    private final Outbox outbox = new Outbox();
    private final StepActivities activities;
    private final Standing standing;
    private final CommandLog commands;
    private final CommandDesk desk;
    private final HopVisits visits;
    private final Signboard signboard = new Signboard();
    private final Instant startedAt;
    private @Nullable Progress progress;
    private @Nullable RunStatus end;
    private @Nullable String ended;
    private boolean postponed;

    @WorkflowInit
    public RunWorkflowImpl(RunInput input) {
        this(input, () -> Workflow.getInfo().isContinueAsNewSuggested());
    }

    RunWorkflowImpl(RunInput input, Supplier<Boolean> historyIsLong) {
        this.input = input;
        this.historyIsLong = historyIsLong;
        this.plan = input.plan();
        RunState carried = input.carried();
        this.controls = new Controls(carried != null && carried.paused(), wayBack(input));
        this.waiting = new Waiting(carried == null ? List.of() : carried.waiting());
        this.activities = new StepActivities(input.site());
        this.standing = new Standing(activities, this::notice);
        this.commands = new CommandLog(carried == null ? List.of() : carried.commands());
        this.visits = new HopVisits(id, run, input, controls, standing, outbox);
        this.desk = new CommandDesk(
                run, new RungCheck(plan, () -> progress), controls, waiting, visits::send, this::deliver);
        if (carried == null && input.retreat() != null) {
            commands.took(input.retreat().command(), Waits.now());
        }
        this.startedAt = carried == null ? Waits.now() : carried.startedAt();
    }

    private static @Nullable Way wayBack(RunInput input) {
        if (input.carried() != null) {
            return input.carried().back();
        }
        return input.retreat() == null ? null : Way.of(input.retreat().command());
    }

    @Override
    public RunState run(RunInput ignored) {
        Interpreter.version();
        PlanCheck.require(plan);
        controls.watchCancel(this::stop);
        Workflow.newDetachedCancellationScope(this::climb).run();
        if (postponed && !controls.stopping()) {
            Workflow.newContinueAsNewStub(RunWorkflow.class).run(carriedOn());
        }
        return state();
    }

    private void climb() {
        outbox.start();
        show();
        for (Hop hop : plan.hops().subList(visits.finished().size(), plan.hops().size())) {
            Workflow.await(() -> controls.ending() || !controls.paused());
            if (controls.ending() || postponed) {
                break;
            }
            visits.visit(hop);
            postponed = !hop.last() && historyIsLong.get();
        }
        if (controls.aborting()) {
            visits.undo(activities, this::show);
        }
        if (!postponed || controls.ending()) {
            close();
        }
        Workflow.await(() -> outbox.isEmpty() && Workflow.isEveryHandlerFinished());
    }

    private void close() {
        postponed = false;
        Ending ending = controls.aborting() || !controls.stopping()
                ? Ending.of(plan, controls.aborting() ? controls.way() : null, visits.finished())
                : Ending.STOPPED;
        end = ending.status();
        ended = ending.words();
        show();
    }

    private void stop() {
        visits.cancel();
        show();
    }

    private RunInput carriedOn() {
        return new RunInput(
                plan,
                input.site(),
                input.author(),
                input.reason(),
                input.ticket(),
                input.interpreter(),
                state(),
                input.retreat());
    }

    @Override
    public Reply command(Command command) {
        Reply reply = commands.answer(command, desk, Waits.now());
        show();
        return reply;
    }

    @Override
    public void validate(Command command) {
        CommandLog.refuseMalformed(command);
    }

    private void deliver(String workflowId, Command command) {
        if (workflowId.equals(id)) {
            standing.deliver(command);
        } else {
            outbox.send(workflowId, command);
        }
    }

    @Override
    public void notice(Notice notice) {
        waiting.hear(notice);
        show();
    }

    @Override
    public void progress(Progress next) {
        progress = next;
        show();
    }

    @Override
    public RunState state() {
        RunStatus status = end == null ? Page.status(waiting.all(), controls.paused()) : end;
        return new RunState(
                run,
                status,
                plan,
                input.author(),
                input.reason(),
                input.ticket(),
                startedAt,
                controls.paused(),
                controls.aborting(),
                controls.aborting() ? controls.way() : null,
                waiting.all(),
                new ArrayList<>(visits.finished()),
                visits.active(),
                progress,
                commands.records(),
                ended);
    }

    private void show() {
        RunState now = state();
        signboard.show(now.status(), now.progress(), Page.of(now, controls));
    }
}
