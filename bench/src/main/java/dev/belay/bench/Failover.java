package dev.belay.bench;

import dev.belay.activities.StepCatalogue;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.RunClient;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From SIGKILL of the worker at work to the next act of another that was waiting, on a file-backed server. Two losses: the worker in whose
 * hands the step is, and the worker that has the workflow while the step is in the other's hands. {@code failover [repetitions]}.
 */
final class Failover {

    static final String WORKER = "failover-worker";

    private static final long MANY_BEATS_MS = 5_000;

    private final TemporalConnection connection;
    private final StandIn cluster = new StandIn(new StepCatalogue(List.of(new SlowStep())));
    private Figures step = Figures.none();
    private Figures next = Figures.none();
    private Figures sticky = Figures.none();

    private Failover(TemporalConnection connection) {
        this.connection = connection;
    }

    static void measure(String[] args) throws Exception {
        int repetitions = args.length > 0 ? Integer.parseInt(args[0]) : 6;
        Table.machine();
        try (DevServer server = DevServer.start()) {
            Failover failover = new Failover(server.connection());
            for (int i = 1; i <= repetitions; i++) {
                failover.loseTheStep();
                failover.loseTheWorkflow();
                Table.say("repetition " + i + " of " + repetitions + " done");
            }
            failover.print(repetitions);
        }
    }

    /** The dead worker had both the step and the workflow's sticky queue. */
    private void loseTheStep() throws Exception {
        try (Child first = worker();
                Child second = worker()) {
            begin(first);
            String run = start(2, "15s");
            first.await(SlowStep.ACTS);
            begin(second);
            TimeUnit.MILLISECONDS.sleep(MANY_BEATS_MS);
            long killed = kill(first);
            step = step.with(since(killed, second.await(SlowStep.ACTS)));
            long done = Long.parseLong(second.await(SlowStep.DONE)[2]);
            next = next.with(since(done, second.await(SlowStep.ACTS)));
            end(run);
        }
    }

    /** The dead worker had the workflow's sticky queue; the step under way is in the other's hands and ends right after. */
    private void loseTheWorkflow() throws Exception {
        try (Child first = worker();
                Child second = worker()) {
            begin(first);
            String run = start(200, "2s");
            first.await(SlowStep.ACTS);
            begin(second);
            second.await(SlowStep.ACTS);
            requireHolder(run, first.pid());
            long killed = kill(first);
            sticky = sticky.with(since(killed, second.await(SlowStep.ACTS)));
            end(run);
        }
    }

    private Child worker() throws Exception {
        Child worker = Child.start(WORKER, connection.target());
        worker.await(FailoverWorker.UP);
        return worker;
    }

    private static void begin(Child worker) throws Exception {
        worker.tell("go");
        worker.await(FailoverWorker.READY);
    }

    private static long kill(Child worker) throws InterruptedException {
        long now = System.currentTimeMillis();
        worker.kill();
        return now;
    }

    private String start(int steps, String lasts) {
        RunInput input = cluster.run(StandIn.chain(SlowStep.NAME, Map.of("lasts", lasts), steps));
        return RunClient.start(connection.client(), input) + "/" + input.plan().to();
    }

    /** The workflow's last task was done by this process, so the next one goes there first. */
    private void requireHolder(String run, long pid) {
        String holder = connection.client().fetchHistory(hop(run)).getEvents().stream()
                .filter(HistoryEvent::hasWorkflowTaskCompletedEventAttributes)
                .map(event -> event.getWorkflowTaskCompletedEventAttributes().getIdentity())
                .reduce((one, other) -> other)
                .orElse("");
        if (!holder.endsWith("/" + pid)) {
            throw new IllegalStateException("the workflow is held by " + holder + ", not by process " + pid);
        }
    }

    private String hop(String run) {
        return root() + "/" + run;
    }

    private String root() {
        return Belay.workflowId(cluster.site());
    }

    private void end(String run) {
        for (String workflow : List.of(root(), hop(run))) {
            try {
                connection.client().newUntypedWorkflowStub(workflow).terminate("measured");
            } catch (WorkflowNotFoundException over) {
                Table.say(workflow + " was over");
            }
        }
    }

    private static double since(long from, String[] line) {
        return (Long.parseLong(line[2]) - from) / 1000.0;
    }

    private void print(int repetitions) {
        Table.head("the worker that was killed, " + repetitions + " times", "until", "it took");
        Table.row("had the step and the workflow", "another acts on that step", step.text(" s"));
        Table.row("the same, afterwards", "the following step, after that one's end", next.text(" s"));
        Table.row("had the workflow, not the step", "another acts on the following step", sticky.text(" s"));
    }
}
