package dev.belay.cli;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.cli.Follower.Ending;
import dev.belay.cli.text.PlanText;
import dev.belay.cli.text.ShowText;
import dev.belay.cli.text.Situation;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.plan.Plan;
import dev.belay.model.runbook.Runbook;
import dev.belay.worker.Identity;
import dev.belay.worker.TemporalConnection;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.AnotherRun;
import dev.belay.workflows.client.RunClient;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Plans a climb of a real cluster, asks whether to start, starts it and follows it.",
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

    @Option(
            names = "--actor",
            paramLabel = "WHO",
            description = "Who starts it; default user@host, as claimed, not proven")
    private @Nullable String actor;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands on record")
    private String reason = "";

    @Option(names = "--ticket", paramLabel = "ID", description = "Where it was asked for")
    private @Nullable String ticket;

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
            Planned planned = planned(read, inventory);
            Plan plan = planned.plan();
            if (plan == null || planned.isBlocked()) {
                print(PlanText.blocked(planned.blockers(), planned.warnings(), paint()), planned.view());
                return Exit.FINDINGS;
            }
            confirm(planned, plan);
            return follow(start(connection, inventory, plan));
        }
    }

    private Planned planned(Runbook read, Cluster inventory) {
        try (RealPorts ports = new RealPorts(inventory, new Secrets(terminal().environment()))) {
            return Planned.of(read, ports, climb);
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
        if (!terminal().confirms("Start this climb of " + plan.cluster().name() + "?")) {
            throw Stop.error("not started");
        }
    }

    private RunHandle start(TemporalConnection connection, Cluster inventory, Plan plan) {
        String author = Optional.ofNullable(actor).orElseGet(Identity::actor);
        try {
            String run =
                    RunClient.start(connection.client(), RunInput.of(plan, inventory.site(), author, reason, ticket));
            String id = Belay.workflowId(inventory.name());
            say("run " + run + " started; its work is done by `belay worker --cluster " + cluster.file() + "`");
            return new RunHandle(connection, run, id, null, Instant.now(), false);
        } catch (AnotherRun e) {
            throw Stop.refused("refused: " + e.getMessage());
        }
    }

    private Exit follow(RunHandle run) {
        if (detach) {
            say("watch it with: belay watch " + run.run());
            print("", Looks.at(run).view());
            return Exit.OK;
        }
        Follower follower = new Follower(terminal(), Interrupts.taken(), format() != Format.TEXT);
        Ending ending = follower.follow(() -> Looks.at(run), status -> onPark.ends() && Follower.needsPerson(status));
        follower.leave();
        if (ending == Ending.INTERRUPTED) {
            say("\nthe run goes on without you; come back with: belay watch " + run.run());
        }
        Situation last = Optional.ofNullable(follower.last()).orElseGet(() -> Looks.at(run));
        print(
                ending == Ending.INTERRUPTED ? "" : "\n" + ShowText.of(last, paint(), Screen.columns(terminal())),
                last.view());
        return Endings.of(Objects.requireNonNull(last).view().status());
    }
}
