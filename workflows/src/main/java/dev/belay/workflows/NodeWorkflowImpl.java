package dev.belay.workflows;

import dev.belay.model.graph.StepGraph;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.Command;
import dev.belay.model.run.RunStatus;
import dev.belay.model.runbook.GroupStep;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Map;

/** See {@link NodeWorkflow}. */
public final class NodeWorkflowImpl implements NodeWorkflow {

    private final NodeInput input;
    private final Controls controls;
    private final Board board;
    private final Ledger ledger = new Ledger(List.of());
    private final StepActivities activities;
    private final Standing standing;
    private final Signboard signboard = new Signboard();

    @WorkflowInit
    public NodeWorkflowImpl(NodeInput input) {
        this.input = input;
        this.controls = new Controls(input.paused(), null);
        this.board = new Board(List.of(), Map.of(), this::show);
        this.activities = new StepActivities(input.site());
        this.standing = new Standing(activities, Outbox.upTo(input.runWorkflowId(), input.hopWorkflowId()));
    }

    @Override
    public NodeState work(NodeInput ignored) {
        Interpreter.version();
        controls.watchCancel(this::show);
        Workflow.newDetachedCancellationScope(this::walk).run();
        return state();
    }

    private void walk() {
        String id = Workflow.getInfo().getWorkflowId();
        StepGraph graph = StepGraph.of(input.steps());
        Level level = new Level(id, "", board, ledger, controls, standing, activities, input.outputs(), input.redo());
        StepRunner runner = new StepRunner(level, Frame.of(input), graph, new NoGroups());
        new GraphRun(graph, board, this::mayStart, controls::ending, runner::run).run();
        if (controls.setback() != null && !etcdIsRaised()) {
            controls.takeBack(input.node().name());
        }
        if (controls.aborting()) {
            new Undo(ledger, activities, standing, controls, id, this::show)
                    .run(input.signatures(), entry -> true, () -> false);
        }
        show();
        Workflow.await(Workflow::isEveryHandlerFinished);
    }

    @Override
    public void command(Command command) {
        if (Controls.isMeantForAll(command)) {
            controls.apply(command);
        } else {
            standing.deliver(command);
        }
        show();
    }

    @Override
    public NodeState state() {
        return new NodeState(
                input.node().name(),
                controls.aborting(),
                Ledger.marked(board.records(), ledger.entries()),
                ledger.entries(),
                controls.setback());
    }

    /** With the last member etcd has risen as a whole, and its control planes do not go back one by one. */
    private boolean etcdIsRaised() {
        return input.hop().raisesEtcdMinor()
                && input.node().role().equals(NodeRole.CONTROL_PLANE.text())
                && input.node().last()
                && board.records().stream().anyMatch(PhaseBack::raises);
    }

    private boolean mayStart() {
        return !controls.paused() && standing.isEmpty();
    }

    private void show() {
        List<Notice> standingStill = standing.notices();
        RunStatus status = Page.status(standingStill, controls.paused());
        signboard.show(status, Page.of(input, board.records(), status, standingStill, controls));
    }

    /** Lint refuses groups in groups, so a plan that has one was not made by us: it parks. */
    private static final class NoGroups implements Groups {
        @Override
        public End run(GroupStep group, Frame frame, Map<String, Map<String, Object>> outputs) {
            throw Failures.permanent("group " + group.id() + " stands inside a group, which no node can run");
        }

        @Override
        public void skip(GroupStep group) {}
    }
}
