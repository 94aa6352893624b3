package dev.belay.cli;

import dev.belay.cli.text.PlanText;
import dev.belay.cli.text.ShowText;
import dev.belay.cli.text.Situation;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.Runbook;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.RunClient;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Plans a run on a real cluster, asks whether to start, starts it and follows it.",
            "Ctrl-C leaves the run alone and ends the following. The work is done by `belay worker`."
        })
final class StartVerb extends Verb {

    @Parameters(index = "0", paramLabel = "RUNBOOK", description = "Such as runbooks/kubeadm-minor.yaml")
    private String runbook = "";

    @Mixin
    private final InventoryChoice cluster = new InventoryChoice();

    @Mixin
    private final ClimbChoice climb = new ClimbChoice();

    @Mixin
    private final ServerChoice server = new ServerChoice();

    @Mixin
    private final OnPark onPark = new OnPark();

    @Option(names = "--yes", description = "Answers the first question, start?; never an approval")
    private boolean yes;

    @Option(names = "--detach", description = "Starts, prints how to watch, and ends")
    private boolean detach;

    @Mixin
    private final OnRecord record = new OnRecord();

    StartVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        Runbook read = Documents.runbook(runbook);
        Cluster inventory = cluster.read();
        try (TemporalConnection connection = server.open(terminal())) {
            connection.requireNamespace();
            refuseASecond(connection, inventory);
            Planned planned = Planned.of(read, inventory, terminal(), climb);
            Plan plan = planned.plan();
            if (plan == null || planned.isBlocked()) {
                print(PlanText.blocked(planned.blockers(), planned.warnings(), paint()), planned.view());
                return Exit.FINDINGS;
            }
            confirm(planned, plan);
            return follow(start(connection, inventory, plan));
        }
    }

    private static void refuseASecond(TemporalConnection connection, Cluster inventory) {
        RunClient.openRun(connection.client(), inventory.name()).ifPresent(other -> {
            throw Stop.refused("refused: " + other.getMessage());
        });
    }

    private void confirm(Planned planned, Plan plan) {
        terminal().err().print(PlanText.summary(plan, planned.warnings(), paint()));
        if (yes) {
            return;
        }
        if (!terminal().asks()) {
            throw Stop.error("nobody can be asked here whether to start; --yes says so");
        }
        if (!terminal()
                .confirms("Start " + plan.runbook().name() + " on "
                        + plan.cluster().name() + "?")) {
            throw Stop.error("not started");
        }
    }

    private RunHandle start(TemporalConnection connection, Cluster inventory, Plan plan) {
        RunInput input = RunInput.of(plan, inventory.site(), record.actor(), record.reason(), record.ticket());
        String run = Start.of(connection, input);
        String id = Belay.workflowId(inventory.name());
        say("run " + run + " started; its work is done by `belay worker --cluster " + cluster.file() + "`");
        return new RunHandle(connection, run, id, null, Instant.now(), false);
    }

    private Exit follow(RunHandle run) {
        if (detach) {
            say("watch it with: " + server.watch(run));
            if (format() != Format.TEXT) {
                print("", Looks.at(run).view());
            }
            return Exit.OK;
        }
        Follower follower = new Follower(terminal(), Interrupts.taken(), format() != Format.TEXT);
        Optional<Situation> last = follower.attend(run, onPark, server.watch(run));
        last.ifPresent(seen -> print(
                follower.left() ? "" : "\n" + ShowText.of(seen, paint(), Screen.columns(terminal())), seen.view()));
        return last.map(seen -> Endings.of(seen.view().status())).orElse(Exit.OK);
    }
}
