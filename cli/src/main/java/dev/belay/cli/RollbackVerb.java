package dev.belay.cli;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.steps.restore.RestoreLoss;
import dev.belay.cli.text.RungText;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunView.RungView;
import dev.belay.model.run.Rung;
import dev.belay.worker.RehearsalFiles;
import dev.belay.workflows.Retreat;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay rollback}: which ways back are open, what each costs, and one of them taken. */
@picocli.CommandLine.Command(
        name = "rollback",
        description = {
            "Shows the ways back that are open at this instant, what each does and loses, and asks which; --rung takes one.",
            "A run that is over is taken back by a run of its own: --cluster names its inventory."
        })
final class RollbackVerb extends RunVerb {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's eight hex digits, or @latest")
    private String reference = "";

    @Option(
            names = "--rung",
            paramLabel = "step|node|hold|etcd-downgrade|restore",
            description = "Which way back; without it the ways are shown, and a person is asked")
    private @Nullable String rung;

    @Option(names = "--node", paramLabel = "NAME", description = "Which node goes back, for the rung node")
    private @Nullable String node;

    @Option(
            names = "--cluster",
            paramLabel = "FILE",
            description = "The cluster's inventory, where a run of its own is started")
    private @Nullable String inventory;

    @Mixin
    private final OnRecord record = new OnRecord();

    RollbackVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    String reference() {
        return reference;
    }

    @Override
    Exit on(RunHandle run) {
        RunReport report = RunClient.report(run.connection().client(), run.workflowId(), run.temporalRunId());
        List<RungView> rungs = measured(report);
        Optional<Rung> chosen = chosen(rungs);
        if (chosen.isEmpty()) {
            String climb = report.state().plan().inputs().get("climb");
            String more = rungs.isEmpty() && climb != null
                    ? "What is open now is a matter of the run it took back: belay rollback " + climb + "\n"
                    : "";
            print(
                    RungText.of(rungs, paint(), Screen.columns(terminal())) + more,
                    report.view().withRungs(rungs));
            return Exit.OK;
        }
        RungView meant = rungs.stream()
                .filter(each -> each.name() == chosen.get())
                .findFirst()
                .orElseThrow(() -> Stop.refused("refused: run " + run.run() + " is itself a way back"));
        if (!meant.open()) {
            throw Stop.refused("refused: the rung " + meant.name().text() + " is closed: " + meant.why());
        }
        Command command = command(meant.name());
        if (command.node() != null && !meant.nodes().isEmpty() && !meant.nodes().contains(command.node())) {
            throw Stop.refused("refused: node " + command.node() + " is none that can go back now: the rung "
                    + meant.name().text() + " " + meant.why());
        }
        if (meant.name().hasRunbook()) {
            return new WayBackStart(terminal(), this::print).start(run, report, command, inventory(run));
        }
        return report.view().status().isClosed() ? retreat(run, report, command) : tell(run, command);
    }

    /** Before a person chooses: with an inventory at hand, what a restore would lose is asked of etcd itself. */
    private List<RungView> measured(RunReport report) {
        Object revision = report.snapshot().get("revision");
        if (inventory == null || rung != null || revision == null) {
            return report.view().rungs();
        }
        try (RealPorts ports = new RealPorts(
                Documents.cluster(inventory), new Secrets(terminal().environment()))) {
            String lost = RestoreLoss.since(ports.etcd(), Long.parseLong(revision.toString()))
                    .map(RestoreLoss::words)
                    .orElse("every write since that snapshot; etcd gives no answer that would tell how many");
            return report.view().rungs().stream()
                    .map(rung -> rung.open() && rung.name() == Rung.RESTORE ? rung.losing(lost) : rung)
                    .toList();
        }
    }

    private Optional<Rung> chosen(List<RungView> rungs) {
        if (rung != null) {
            return Optional.of(Rung.of(rung)
                    .orElseThrow(() -> Stop.error(
                            "--rung: \"" + rung + "\" is no rung; there are " + names(Arrays.asList(Rung.values())))));
        }
        if (format() != Format.TEXT || !terminal().asks()) {
            return Optional.empty();
        }
        terminal().err().print(RungText.of(rungs, paint(), Screen.columns(terminal())));
        return Rung.of(terminal().answer("Which one? (nothing: none)"));
    }

    private static String names(List<Rung> rungs) {
        return rungs.stream().map(Rung::text).collect(Collectors.joining(", "));
    }

    private Command command(Rung meant) {
        if (record.reason().isBlank()) {
            throw Stop.error("rollback needs a reason, which stands on record: add --reason \"...\"");
        }
        return new Command(
                UUID.randomUUID().toString(),
                CommandKind.ROLLBACK,
                record.actor(),
                record.reason(),
                record.ticket(),
                null,
                nodeName(node),
                null,
                meant);
    }

    private Exit retreat(RunHandle run, RunReport report, Command command) {
        if (command.node() == null) {
            throw Stop.error("the rung node needs --node: which one goes back");
        }
        Cluster cluster = inventory(run);
        Retreat retreat = new Retreat(run.run(), report.state().hops(), command);
        String started = Start.of(run.connection(), RunInput.of(report.state().plan(), cluster.site(), retreat));
        Reply reply = new Reply(true, "run " + started + " takes node " + command.node() + " back");
        print(reply.why() + "; watch it with: belay watch " + started + "\n", reply);
        return Exit.OK;
    }

    /** That of a rehearsal is known. */
    private Cluster inventory(RunHandle run) {
        if (inventory != null) {
            return Documents.cluster(inventory);
        }
        return new RehearsalFiles(terminal().environment())
                .alive().stream()
                        .filter(entry -> entry.target().equals(run.connection().target()))
                        .findFirst()
                        .map(RehearsalFiles.Entry::inventory)
                        .orElseThrow(() ->
                                Stop.error("a run of its own does this: --cluster names the cluster's inventory"));
    }
}
