package dev.belay.workflows;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link HopWorkflow}. Continues as new only where no child lives and nobody is awaited: between phases, batches and undos. */
public class HopWorkflowImpl implements HopWorkflow {

    private final HopInput input;
    private final Plan plan;
    private final String id = Workflow.getInfo().getWorkflowId();
    private final Supplier<Boolean> historyIsLong;
    private final Controls controls;
    private final Waiting below = new Waiting(List.of());
    private final Outbox outbox = new Outbox();
    private final NodeTally tally;
    private final Level level;
    private final NodeVisits visits;
    private final Map<Phase, StepState> phases = new LinkedHashMap<>();
    private final Signboard signboard = new Signboard();
    private Phase phase = Phase.PREP;
    private boolean postponed;

    @WorkflowInit
    public HopWorkflowImpl(HopInput input) {
        this(input, () -> Workflow.getInfo().isContinueAsNewSuggested());
    }

    HopWorkflowImpl(HopInput input, Supplier<Boolean> historyIsLong) {
        this.input = input;
        this.plan = input.plan();
        this.historyIsLong = historyIsLong;
        HopState carried = input.carried();
        this.controls = new Controls(input.paused(), carried == null ? null : carried.back());
        for (Phase each : Phase.values()) {
            phases.put(each, StepState.PENDING);
        }
        this.tally = new NodeTally(plan);
        this.level = level(carried);
        this.visits = new NodeVisits(input, id, level, outbox, below, tally);
        if (carried != null) {
            phases.putAll(carried.phases());
        }
    }

    private Level level(@Nullable HopState carried) {
        StepActivities activities = new StepActivities(input.site());
        Standing standing = new Standing(activities, Outbox.upTo(input.runWorkflowId()));
        List<StepRecord> steps = carried == null ? List.of() : carried.steps();
        List<StepRecord> own =
                steps.stream().filter(step -> step.node() == null).toList();
        Board board = new Board(own, carried == null ? Map.of() : carried.outputs(), this::show);
        Ledger ledger = new Ledger(carried == null ? List.of() : carried.ledger());
        return new Level(id, input.author(), board, ledger, controls, standing, activities, Map.of(), 0);
    }

    @Override
    public HopState climb(HopInput ignored) {
        Interpreter.version();
        controls.watchCancel(this::stop);
        Workflow.newDetachedCancellationScope(this::walk).run();
        if (postponed && !controls.stopping()) {
            Workflow.newContinueAsNewStub(HopWorkflow.class).climb(carriedOn());
        }
        return state();
    }

    private void walk() {
        outbox.start();
        for (Phase next : Phase.values()) {
            if (plan.runbook().phase(next).isEmpty()) {
                phases.put(next, StepState.DONE);
            } else if (!leaves() && phases.get(next) != StepState.DONE) {
                passOrTakeBack(next);
            }
        }
        if (controls.aborting()) {
            postponed = !undo().run(plan.signatures(), controls.way()::leadsTo, historyIsLong);
            hold();
        }
        show();
        Workflow.await(() -> outbox.isEmpty() && Workflow.isEveryHandlerFinished());
    }

    private void passOrTakeBack(Phase next) {
        pass(next);
        while (controls.setback() != null && !controls.ended()) {
            phases.put(next, StepState.PARKED);
            report();
            Frame frame = Frame.of(plan, input.run(), input.hop(), next);
            if (!new PhaseBack(level, frame, plan, undo()).takenBack(controls.setback(), visits.finished())) {
                return;
            }
            level.board().again(next);
            visits.again(next);
            controls.goOn();
            pass(next);
        }
    }

    private void pass(Phase next) {
        phase = next;
        phases.put(next, StepState.RUNNING);
        report();
        Frame frame = Frame.of(plan, input.run(), input.hop(), next);
        StepGraph graph = StepGraph.of(plan.runbook().phase(next));
        GraphRun[] walk = new GraphRun[1];
        Supplier<Boolean> postpone = () -> walk[0].live() == 1 && historyIsLong.get();
        Groups groups = new GroupRun(
                plan.cluster().hosts(), visits, tally, this::mayStart, controls::ending, postpone, this::report);
        StepRunner runner = new StepRunner(level, frame, graph, groups);
        walk[0] = new GraphRun(graph, level.board(), this::mayStart, this::leaves, step -> {
            runner.run(step);
            postponed |= level.board().state(step.id()) == StepState.PENDING;
        });
        walk[0].run();
        if (!leaves()) {
            phases.put(next, StepState.DONE);
            postponed = next != Phase.VERIFY && historyIsLong.get();
        }
    }

    private void stop() {
        visits.active().forEach(outbox::cancel);
        show();
    }

    private void hold() {
        if (controls.way().rung() != Rung.HOLD || postponed) {
            return;
        }
        new Hold(level, Frame.of(plan, input.run(), input.hop(), Phase.VERIFY)).verify();
    }

    private Undo undo() {
        return new Undo(level.ledger(), level.activities(), level.standing(), controls, id, this::show);
    }

    private HopInput carriedOn() {
        return new HopInput(
                plan,
                input.run(),
                input.runWorkflowId(),
                input.site(),
                input.author(),
                input.hop(),
                controls.paused(),
                state());
    }

    @Override
    public void command(Command command) {
        if (Controls.isMeantForAll(command)) {
            controls.apply(command);
            visits.active().forEach(node -> outbox.send(node, command));
        } else {
            level.standing().deliver(command);
        }
        show();
    }

    @Override
    public void notice(Notice notice) {
        below.hear(notice);
        show();
    }

    @Override
    public HopState state() {
        List<StepRecord> steps = new ArrayList<>(level.board().records());
        steps.addAll(visits.finished());
        return new HopState(
                input.hop(),
                controls.aborting(),
                controls.aborting() ? controls.way() : null,
                new LinkedHashMap<>(phases),
                Ledger.marked(steps, level.ledger().entries()),
                level.ledger().entries(),
                level.board().outputs(),
                visits.visited(),
                visits.active());
    }

    private boolean leaves() {
        return controls.ending() || postponed;
    }

    private boolean mayStart() {
        return !controls.paused() && level.standing().isEmpty() && below.isEmpty();
    }

    private void report() {
        show();
        Outbox.tell(input.runWorkflowId(), "progress", progress());
    }

    private Progress progress() {
        return new Progress(input.hop().to(), phase, tally.done(), tally.total());
    }

    private void show() {
        List<Notice> all = new ArrayList<>(level.standing().notices());
        all.addAll(below.all());
        RunStatus status = Page.status(all, controls.paused());
        signboard.show(status, progress(), Page.of(input, progress(), status, all, controls));
    }
}
