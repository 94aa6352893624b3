package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunView;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.workflows.client.RunClient;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Temporal's test server, one worker with the interpreter, one with scripted steps, and one run. Time is skipped while it is awaited.
 *
 * <p>With {@code -Dbelay.temporal=127.0.0.1:7233} it is a real server instead, which has the namespace {@code belay-engine-test} with the search
 * attributes, and skips no time.
 */
final class Engine implements AutoCloseable {

    static final String REAL = "belay.temporal";
    static final String SITE = "site-lab";
    static final String AUTHOR = "alice@laptop";

    private final TestWorkflowEnvironment environment;
    private final ScriptedSteps steps = new ScriptedSteps();
    private int commands;

    Engine() {
        this(Belay::register);
    }

    Engine(Consumer<Worker> interpreter) {
        environment = TestWorkflowEnvironment.newInstance(options());
        interpreter.accept(environment.newWorker(Belay.TASK_QUEUE));
        environment.newWorker(SITE).registerActivitiesImplementations(steps);
        environment.start();
    }

    static TestEnvironmentOptions options() {
        TestEnvironmentOptions.Builder options = TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(Belay.dataConverter())
                        .setNamespace(System.getProperty(REAL) == null ? "default" : "belay-engine-test")
                        .setIdentity("test")
                        .build());
        for (SearchAttributeKey<?> key : SearchAttributes.all()) {
            options.registerSearchAttribute(
                    key.getName(),
                    key.getValueClass().equals(Long.class)
                            ? IndexedValueType.INDEXED_VALUE_TYPE_INT
                            : IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
        }
        String real = System.getProperty(REAL);
        if (real != null) {
            options.setUseExternalService(true).setTarget(real);
        }
        return options.build();
    }

    ScriptedSteps steps() {
        return steps;
    }

    WorkflowClient client() {
        return environment.getWorkflowClient();
    }

    TestWorkflowEnvironment environment() {
        return environment;
    }

    String start(Plans plans) {
        return start(plans.plan());
    }

    String start(Plan plan) {
        return RunClient.start(client(), RunInput.of(plan, SITE, AUTHOR, "because", "CHG-1"));
    }

    RunState climb(Plans plans) {
        start(plans);
        return end();
    }

    RunState end() {
        return run().getResult(RunState.class);
    }

    WorkflowStub run() {
        return client().newUntypedWorkflowStub(Belay.workflowId("lab"));
    }

    RunState state() {
        return RunClient.state(client(), Belay.workflowId("lab"), null);
    }

    RunView view() {
        return RunClient.view(client(), Belay.workflowId("lab"), null);
    }

    Reply command(CommandKind kind) {
        return command("alice@laptop", kind, null, null);
    }

    Reply command(CommandKind kind, String step, String node) {
        return command("alice@laptop", kind, step, node);
    }

    Reply command(String actor, CommandKind kind, String step, String node) {
        NodeName on = node == null ? null : new NodeName(node);
        return send(new Command("c-" + ++commands, kind, actor, "as tested", null, step, on, null));
    }

    /** Asks for a rung of the ladder, and waits until every level under way has it when it is meant for all. */
    Reply rollback(Rung rung, String node) {
        NodeName on = node == null ? null : new NodeName(node);
        String id = "c-" + ++commands;
        Reply reply =
                send(new Command(id, CommandKind.ROLLBACK, "alice@laptop", "as tested", null, null, on, null, rung));
        if (reply.accepted() && rung != Rung.STEP) {
            await(() -> levelsBelow().allMatch(level -> hasHeard(level, CommandKind.ROLLBACK)), "all to hear of it");
        }
        return reply;
    }

    /** Sends a command for the whole run and waits until every level under way has it. */
    Reply order(CommandKind kind) {
        Reply reply = command(kind);
        await(() -> levelsBelow().allMatch(id -> hasHeard(id, kind)), "every level to hear of " + kind);
        return reply;
    }

    private Stream<String> levelsBelow() {
        String hop = state().activeHop();
        if (hop == null) {
            return Stream.empty();
        }
        HopState state = client().newWorkflowStub(HopWorkflow.class, hop).state();
        return Stream.concat(Stream.of(hop), state.activeNodes().stream());
    }

    private boolean hasHeard(String workflowId, CommandKind kind) {
        return history(workflowId).getEvents().stream()
                .filter(HistoryEvent::hasWorkflowExecutionSignaledEventAttributes)
                .map(HistoryEvent::getWorkflowExecutionSignaledEventAttributes)
                .anyMatch(signal -> signal.getInput().toString().contains(kind.text()));
    }

    /** Waits until a cancel of the run has reached the hop and its nodes. */
    void awaitCancelRequestedBelow() {
        await(() -> levelsBelow().allMatch(this::isToCancel), "every level to be asked to cancel");
    }

    private boolean isToCancel(String workflowId) {
        return history(workflowId).getEvents().stream()
                .anyMatch(HistoryEvent::hasWorkflowExecutionCancelRequestedEventAttributes);
    }

    WorkflowStub hop() {
        String hop = state().activeHop();
        return client().newUntypedWorkflowStub(hop);
    }

    /** The workflow of a node under way. */
    WorkflowStub node(String name) {
        return levelsBelow()
                .skip(1)
                .filter(id -> client().newWorkflowStub(NodeWorkflow.class, id)
                        .state()
                        .node()
                        .equals(new NodeName(name)))
                .map(client()::newUntypedWorkflowStub)
                .findFirst()
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition, String what) {
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > patience) {
                throw new AssertionError("waited in vain for " + what);
            }
        }
    }

    Reply send(Command command) {
        return RunClient.command(client(), Belay.workflowId("lab"), null, command);
    }

    StepRecord step(String id, String node) {
        return view().steps().stream()
                .filter(step -> step.id().equals(id))
                .filter(step -> node == null ? step.node() == null : new NodeName(node).equals(step.node()))
                .findFirst()
                .orElseThrow();
    }

    StepState stateOf(String id, String node) {
        return step(id, node).state();
    }

    /** Asks until the answer is as expected: for what nobody announces. */
    void awaitState(String id, String node, StepState expected) {
        await(() -> stateOf(id, node) == expected, id + " to be " + expected);
    }

    void pass(Duration time) {
        environment.sleep(time);
    }

    WorkflowExecutionHistory history(String workflowId) {
        return client().fetchHistory(workflowId);
    }

    @Override
    public void close() {
        if (System.getProperty(REAL) != null) {
            endWhatIsOpen();
        }
        environment.close();
    }

    private void endWhatIsOpen() {
        List<WorkflowStub> open = new ArrayList<>();
        try {
            open.add(run());
            levelsBelow().map(client()::newUntypedWorkflowStub).forEach(open::add);
        } catch (RuntimeException unreadable) {
            System.err.println("not everything below the run was found: " + unreadable);
        }
        open.forEach(Engine::end);
    }

    private static void end(WorkflowStub workflow) {
        try {
            workflow.terminate("the test is over");
        } catch (WorkflowNotFoundException over) {
            return;
        }
    }
}
