package dev.belay.workflows;

import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunView;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.workflows.client.RunClient;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.function.Consumer;

/** Temporal's test server, one worker with the interpreter, one with scripted steps, and one run. Time is skipped while it is awaited. */
final class Engine implements AutoCloseable {

    static final String SITE = "site-lab";
    static final String AUTHOR = "alice@laptop";

    private final TestWorkflowEnvironment environment;
    private final ScriptedSteps steps = new ScriptedSteps();
    private int commands;

    Engine() {
        this(Belay::register);
    }

    Engine(Consumer<Worker> interpreter) {
        TestEnvironmentOptions.Builder options = TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(Belay.dataConverter())
                        .setIdentity("test")
                        .build());
        for (SearchAttributeKey<?> key : SearchAttributes.all()) {
            options.registerSearchAttribute(
                    key.getName(),
                    key.getValueClass().equals(Long.class)
                            ? IndexedValueType.INDEXED_VALUE_TYPE_INT
                            : IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
        }
        environment = TestWorkflowEnvironment.newInstance(options.build());
        interpreter.accept(environment.newWorker(Belay.TASK_QUEUE));
        environment.newWorker(SITE).registerActivitiesImplementations(steps);
        environment.start();
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

    void pass(Duration time) {
        environment.sleep(time);
    }

    WorkflowExecutionHistory history(String workflowId) {
        return client().fetchHistory(workflowId);
    }

    @Override
    public void close() {
        environment.close();
    }
}
