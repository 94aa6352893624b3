package dev.belay.bench;

import dev.belay.activities.StepCatalogue;
import dev.belay.model.runbook.Step;
import dev.belay.worker.BelayWorker;
import dev.belay.worker.EmbeddedServer;
import dev.belay.worker.Setup;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.client.RunClient;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the engine costs: steps that do nothing, in a chain and side by side, against the same activities called by a workflow without an
 * engine; in turn, on the embedded and on the file-backed server. {@code steps [rounds] [length]}.
 */
final class StepOverhead {

    private static final int WIDEST = 25;

    private final TemporalConnection connection;
    private final StandIn cluster = new StandIn(new StepCatalogue(List.of(NoopStep.check(), NoopStep.effect())));
    private final int length;
    private int runs;

    private StepOverhead(TemporalConnection connection, int length) {
        this.connection = connection;
        this.length = length;
    }

    /** One shape of work, and what a round of it gave on either side. */
    private static final class Case {
        private final String name;
        private final List<Step> steps;
        private final int atOnce;
        private Figures bare = Figures.none();
        private Figures belay = Figures.none();
        private Figures between = Figures.none();
        private Figures tail = Figures.none();
        private double events;
        private double bytes;

        Case(String name, List<Step> steps, int atOnce) {
            this.name = name;
            this.steps = steps;
            this.atOnce = atOnce;
        }
    }

    static void measure(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int length = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        String only = args.length > 2 ? args[2] : "";
        Table.machine();
        Table.head(
                "server, " + length + " steps",
                "a step, plain workflow",
                "a step, Belay",
                "ratio",
                "median between two steps",
                "95 % of them under",
                "events a step",
                "bytes a step");
        if (!only.equals("file")) {
            try (EmbeddedServer server = EmbeddedServer.start();
                    TemporalConnection connection = TemporalConnection.embedded(server.target())) {
                Setup.embedded(connection);
                new StepOverhead(connection, length).compare("embedded", rounds);
            }
        }
        if (!only.equals("embedded")) {
            try (DevServer server = DevServer.start()) {
                new StepOverhead(server.connection(), length).compare("file-backed", rounds);
            }
        }
    }

    private void compare(String server, int rounds) {
        WorkerFactory bare = bareWorker();
        try (BelayWorker worker = BelayWorker.start(connection, cluster.site(), cluster.steps())) {
            List<Case> cases = cases(length);
            cases(100).forEach(each -> round(each, true));
            for (int round = 0; round < rounds; round++) {
                boolean belayFirst = round % 2 == 0;
                cases.forEach(each -> round(each, belayFirst));
                Table.say(server + ": round " + (round + 1) + " of " + rounds + " done");
            }
            cases.forEach(each -> print(server, each));
        }
        bare.shutdownNow();
    }

    private static List<Case> cases(int length) {
        return List.of(
                new Case("chain", StandIn.chain(NoopStep.NAME, Map.of(), length), 1),
                new Case("chain, with ledger", StandIn.chain(NoopStep.EFFECT, Map.of(), length), 1),
                new Case("wide", StandIn.wide(NoopStep.NAME, length), WIDEST));
    }

    private void round(Case each, boolean belayFirst) {
        if (belayFirst) {
            belay(each);
            bare(each);
        } else {
            bare(each);
            belay(each);
        }
    }

    private WorkerFactory bareWorker() {
        WorkerFactory factory = WorkerFactory.newInstance(connection.client());
        var worker = factory.newWorker(
                BareSteps.QUEUE,
                WorkerOptions.newBuilder()
                        .setDisableEagerExecution(true)
                        .setMaxConcurrentActivityExecutionSize(64)
                        .build());
        worker.registerWorkflowImplementationTypes(BareSteps.Impl.class);
        worker.registerActivitiesImplementations(new BareSteps.NopImpl());
        factory.start();
        return factory;
    }

    private void bare(Case each) {
        String id = "bench-bare-" + ++runs;
        BareSteps workflow = connection
                .client()
                .newWorkflowStub(
                        BareSteps.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue(BareSteps.QUEUE)
                                .build());
        WorkflowClient.start(workflow::run, each.steps.size(), each.atOnce);
        WorkflowStub.fromTyped(workflow).getResult(Void.class);
        each.bare = each.bare.with(perStep(starts(history(id)), each));
    }

    private void belay(Case each) {
        var run = cluster.run(each.steps);
        String id = RunClient.start(connection.client(), run);
        String runId = Belay.workflowId(run.plan().cluster().name());
        connection.client().newUntypedWorkflowStub(runId).getResult(Object.class);
        WorkflowExecutionHistory history =
                history(runId + "/" + id + "/" + run.plan().to());
        List<Instant> starts = starts(history);
        Figures between = between(starts);
        each.belay = each.belay.with(perStep(starts, each));
        each.between = each.between.with(between.median());
        each.tail = each.tail.with(between.quantile(0.95));
        each.events = (double) history.getEvents().size() / each.steps.size();
        each.bytes = (double) history.getHistory().getSerializedSize() / each.steps.size();
    }

    private WorkflowExecutionHistory history(String workflowId) {
        return connection.client().fetchHistory(workflowId);
    }

    private static List<Instant> starts(WorkflowExecutionHistory history) {
        List<Instant> starts = new ArrayList<>();
        history.getEvents().forEach(event -> {
            boolean scheduled = event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED;
            boolean last = event.getEventId() == history.getEvents().size();
            if (scheduled || last) {
                starts.add(Instant.ofEpochSecond(
                        event.getEventTime().getSeconds(), event.getEventTime().getNanos()));
            }
        });
        return starts;
    }

    /** From the first step's scheduling to the workflow's end. */
    private static double perStep(List<Instant> starts, Case each) {
        return millis(starts.get(0), starts.get(starts.size() - 1)) / each.steps.size();
    }

    private static Figures between(List<Instant> starts) {
        Figures between = Figures.none();
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < starts.size(); i++) {
            gaps.add(millis(starts.get(i - 1), starts.get(i)));
        }
        return gaps.isEmpty() ? between : new Figures(gaps);
    }

    private static double millis(Instant from, Instant to) {
        return java.time.Duration.between(from, to).toNanos() / 1e6;
    }

    private static void print(String server, Case each) {
        boolean chain = each.atOnce == 1;
        Table.row(
                server + ", " + each.name,
                each.bare.text(" ms"),
                each.belay.text(" ms"),
                each.belay.over(each.bare).text(""),
                chain ? each.between.text(" ms") : "",
                chain ? each.tail.text(" ms") : "",
                Figures.plain(each.events),
                Figures.plain(each.bytes));
    }
}
