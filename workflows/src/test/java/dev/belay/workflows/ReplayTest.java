package dev.belay.workflows;

import static dev.belay.workflows.Plans.approval;
import static dev.belay.workflows.Plans.change;
import static dev.belay.workflows.Plans.check;
import static dev.belay.workflows.Plans.pool;
import static dev.belay.workflows.Plans.soak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs under way must survive new code: histories of this interpreter's version replay. They are never edited; a new version gets new ones,
 * written with {@code -Dbelay.histories=write}.
 */
class ReplayTest {

    private static final String WRITE = "belay.histories";
    private static final Map<String, Class<?>> LEVELS =
            Map.of("run", RunWorkflowImpl.class, "hop", HopWorkflowImpl.class, "node", NodeWorkflowImpl.class);

    @ParameterizedTest
    @ValueSource(strings = {"straight", "parked", "aborted", "paused", "approved", "stopped"})
    void replaysTheHistoriesOf(String scenario) throws Exception {
        String id = Belay.workflowId("lab");
        for (String level : List.of("run", "hop", "node")) {
            WorkflowExecutionHistory history = load(scenario + "-" + level, id);

            assertThat(history.getEvents()).hasSizeGreaterThan(5);
            replay(history, LEVELS.get(level));
            id = firstChild(history).orElse(id);
        }
    }

    /** Its id is not in a history, but in that of its parent; and ids of children follow from it. */
    private static Optional<String> firstChild(WorkflowExecutionHistory history) {
        return history.getEvents().stream()
                .filter(HistoryEvent::hasStartChildWorkflowExecutionInitiatedEventAttributes)
                .map(event -> event.getStartChildWorkflowExecutionInitiatedEventAttributes()
                        .getWorkflowId())
                .findFirst();
    }

    @Test
    void noticesAChangedInterpreter() throws Exception {
        WorkflowExecutionHistory history = load("straight-node", "any");

        assertThatThrownBy(() -> replay(history, RestingNode.class))
                .hasStackTraceContaining("NonDeterministicException");
    }

    private static void replay(WorkflowExecutionHistory history, Class<?> workflow) throws Exception {
        try (TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(Engine.options())) {
            WorkflowReplayer.replayWorkflowExecution(history, environment, workflow);
        }
    }

    /** Rests before it works, which no history knows of. */
    public static final class RestingNode implements NodeWorkflow {
        private final NodeWorkflowImpl node;

        @WorkflowInit
        public RestingNode(NodeInput input) {
            node = new NodeWorkflowImpl(input);
        }

        @Override
        public NodeState work(NodeInput input) {
            Workflow.newTimer(Duration.ofSeconds(1)).get();
            return node.work(input);
        }

        @Override
        public void command(Command command) {
            node.command(command);
        }

        @Override
        public NodeState state() {
            return node.state();
        }
    }

    private static WorkflowExecutionHistory load(String name, String workflowId) throws IOException {
        return WorkflowExecutionHistory.fromJson(Files.readString(file(name)), workflowId);
    }

    private static Path file(String name) {
        return Path.of("src/test/resources/histories/v" + Interpreter.VERSION, name + ".json");
    }

    @Test
    @EnabledIfSystemProperty(named = WRITE, matches = "write", disabledReason = "histories are only written on purpose")
    void writesTheHistories() throws IOException {
        write("straight", run -> {});
        write("parked", run -> {
            run.steps().awaitNotice("PARKED drain w1");
            run.command(CommandKind.RETRY, "drain", "w1");
        });
        write("aborted", run -> {
            run.steps().awaitNotice("PARKED drain w1");
            run.order(CommandKind.ABORT);
        });
        write("paused", run -> {
            run.steps().awaitNotice("PARKED drain w1");
            run.order(CommandKind.PAUSE);
            run.command(CommandKind.RETRY, "drain", "w1");
            run.order(CommandKind.RESUME);
        });
        write("stopped", run -> {
            run.steps().awaitNotice("PARKED drain w1");
            run.run().cancel();
        });
        write("approved", run -> {
            run.steps().awaitNotice("AWAITING_APPROVAL go");
            run.command("bob@desk", CommandKind.REJECT, "go", null);
            run.steps().awaitNotice("PARKED go");
            run.command(CommandKind.RETRY, "go", null);
            run.steps().awaitNotice("AWAITING_APPROVAL go");
            run.command("bob@desk", CommandKind.APPROVE, "go", null);
            run.command("carol@desk", CommandKind.APPROVE, "go", null);
        });
    }

    private static void write(String scenario, Consumer<Engine> people) throws IOException {
        try (Engine run = new Engine()) {
            Plans plans = Plans.on("w1", "w2").prep(change("lock"), check("etcd", "lock"), soak("rest", "30s", "lock"));
            if (scenario.equals("approved")) {
                plans.prep(approval("go", 2, true, "etcd"));
            } else if (!scenario.equals("straight")) {
                run.steps().fails("drain w1", FailureKind.PRECONDITION, "DRAIN_BLOCKED");
            }
            String id = run.start(plans.workers(pool(0, 2, change("cordon"), change("drain", "cordon"))));
            if (!scenario.equals("approved")) {
                run.pass(Duration.ofMinutes(1));
            }
            people.accept(run);
            end(run, scenario);
            String hop = Belay.workflowId("lab") + "/" + id + "/v1.34.4";
            String node = Belay.nodeId(hop, new dev.belay.model.kubernetes.NodeName("w1"), "pool", 1);
            save(run, scenario + "-run", Belay.workflowId("lab"));
            save(run, scenario + "-hop", hop);
            save(run, scenario + "-node", node);
        }
    }

    private static void end(Engine run, String scenario) {
        if (scenario.equals("stopped")) {
            assertThatThrownBy(run::end).isNotNull();
        } else {
            run.end();
        }
        assertThat(run.stateOf("lock", null)).isIn(StepState.DONE, StepState.UNDONE);
    }

    private static void save(Engine run, String name, String workflowId) throws IOException {
        Files.createDirectories(file(name).getParent());
        Files.writeString(file(name), run.history(workflowId).toJson(true));
    }
}
