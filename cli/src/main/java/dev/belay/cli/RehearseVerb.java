package dev.belay.cli;

import dev.belay.activities.Ports;
import dev.belay.activities.kube.KubeNode;
import dev.belay.cli.Follower.Ending;
import dev.belay.cli.text.PlanText;
import dev.belay.cli.text.RoundTripText;
import dev.belay.cli.text.ShowText;
import dev.belay.cli.text.Situation;
import dev.belay.model.kubernetes.HopFacts;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.runbook.Runbook;
import dev.belay.worker.Identity;
import dev.belay.worker.Rehearsal;
import dev.belay.worker.Rehearsal.Settings;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rehearse",
        description = {
            "Climbs a simulated cluster with the very same runbook, workflows and steps. Needs no server; nothing outlives it.",
            "Other terminals can show it and command it while it goes on."
        })
final class RehearseVerb extends Verb {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUNBOOK",
            defaultValue = "runbooks/kubeadm-minor.yaml",
            description = "Default: ${DEFAULT-VALUE}")
    private String runbook = "";

    @Mixin
    private final ClimbChoice climb = new ClimbChoice();

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description =
                    "Where the twin begins; default is the newest patch of the minor before, for maintenance of the newest minor",
            converter = ClimbChoice.Version.class)
    private @Nullable KubernetesVersion from;

    @Option(names = "--small", description = "One control plane and one worker instead of three and four")
    private boolean small;

    @Option(names = "--cluster", paramLabel = "FILE", description = "Take nodes and zones from this inventory")
    private @Nullable String cluster;

    @Option(names = "--seed", paramLabel = "N", description = "Of everything that is left to chance")
    private long seed = 1;

    @Option(
            names = "--fault",
            paramLabel = "STEP=FAULT[@NODE]",
            description = "Lets something go wrong: ssh-cut, kubeadm-fails, drain-blocked, node-not-ready,"
                    + " certificate-expired, etcd-nospace, power-cut, worker-killed")
    private List<String> faults = List.of();

    @Option(
            names = "--with-rollback",
            description = {
                "Breaks each hop in each phase in turn, goes back by each way that is open there, and compares the world with the one"
                        + " before, field by field; ends with 1 when something differs that must not"
            })
    private boolean withRollback;

    @Mixin
    private final OnPark onPark = new OnPark();

    private volatile @Nullable Follower follower;

    RehearseVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        Runbook read = Documents.runbook(runbook);
        KubernetesVersion begin = begin(climb.to(read));
        Settings settings = settings(begin);
        if (withRollback) {
            return wayBack(read, settings);
        }
        try (Rehearsal rehearsal = Rehearsal.start(settings, this::tell)) {
            Thread hook = new Thread(rehearsal::close, "belay-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Planned planned = Planned.rehearsed(read, rehearsal.ports(), climb);
            Plan plan = planned.plan();
            if (plan == null || planned.isBlocked()) {
                print(PlanText.blocked(planned.blockers(), planned.warnings(), paint()), planned.view());
                return Exit.FINDINGS;
            }
            RehearsedFaults.check(settings.faults(), planned);
            return climbed(rehearsal, planned, plan);
        }
    }

    private Exit wayBack(Runbook read, Settings settings) {
        if (!faults.isEmpty()) {
            throw Stop.error("--with-rollback breaks the climb itself, in each phase: leave out --fault");
        }
        if (climb.to(read).isEmpty()) {
            throw Stop.error(
                    "--with-rollback is of an upgrade: " + read.name() + " changes no version to go back from");
        }
        RehearsedWayBack.Report report = RehearsedWayBack.report(read, climb, settings, this::say);
        print(RoundTripText.of(report.trips(), paint(), Screen.columns(terminal())), report);
        return report.passed() ? Exit.OK : Exit.ERROR;
    }

    private Settings settings(KubernetesVersion begin) {
        try {
            return cluster == null
                    ? Settings.of(begin, small, seed, faults, terminal().environment())
                    : Settings.of(
                            Documents.cluster(cluster),
                            begin,
                            seed,
                            faults,
                            terminal().environment());
        } catch (IllegalArgumentException e) {
            throw Stop.error("--fault: " + e.getMessage());
        }
    }

    private KubernetesVersion begin(Optional<KubernetesVersion> to) {
        if (from != null) {
            return from;
        }
        return to.map(RehearseVerb::minorBefore).orElseGet(HopFacts::newestKnown);
    }

    private static KubernetesVersion minorBefore(KubernetesVersion to) {
        KubernetesVersion before = new KubernetesVersion(to.major(), Math.max(0, to.minor() - 1), 0);
        if (!HopFacts.knows(before)) {
            throw Stop.error("Belay cannot tell where a climb to " + to + " begins: it knows Kubernetes "
                    + HopFacts.range() + "; give --from and --to within it");
        }
        return HopFacts.load(before.minorText()).newest().version();
    }

    private Exit climbed(Rehearsal rehearsal, Planned planned, Plan plan) {
        terminal().err().print(PlanText.summary(plan, planned.warnings(), paint()));
        say("a rehearsal: the cluster is simulated, Temporal's embedded server at "
                + rehearsal.connection().target() + " forgets everything when this ends");
        String site = rehearsal.ports().inventory().site();
        String id = rehearsal.run(RunInput.of(plan, site, Identity.actor(), "rehearsal, seed " + seed, null));
        RunHandle run = new RunHandle(
                rehearsal.connection(), id, Belay.workflowId(plan.cluster().name()), null, Instant.now(), true);
        Situation last;
        Optional<RunHandle> next = Optional.of(run);
        do {
            last = followed(next.get());
            next = NextRun.after(run, last.view());
        } while (next.isPresent());
        RunView seen = withNodes(last.view(), rehearsal.ports());
        print("\n" + ShowText.of(last.with(seen), paint(), Screen.columns(terminal())), seen);
        // A rehearsal that still runs when it is left was thrown away by its user.
        boolean running = seen.status() == RunStatus.RUNNING || seen.status() == RunStatus.PAUSED;
        return running ? Exit.ENDED : Endings.of(seen.status());
    }

    private Situation followed(RunHandle run) {
        Follower following = new Follower(terminal(), Interrupts.taken(), format() != Format.TEXT);
        follower = following;
        follow(following, run);
        return Optional.ofNullable(following.last()).orElseGet(() -> Looks.at(run));
    }

    /** What the rehearsal says while its tree is drawn. */
    private void tell(String line) {
        Follower following = follower;
        if (following == null) {
            say(line);
        } else {
            following.say(line);
        }
    }

    /** Ctrl-C asks, since everything ends with this process. An approval is no park: the simulated people give it. */
    private void follow(Follower follower, RunHandle run) {
        while (follower.follow(() -> Looks.at(run), this::endsHere) == Ending.INTERRUPTED) {
            follower.leave();
            if (!terminal().asks() || terminal().confirms("\nEnd the rehearsal? Its server forgets the run.")) {
                return;
            }
            follower.goOn();
        }
    }

    private boolean endsHere(RunStatus status) {
        return onPark.ends() && status == RunStatus.PARKED;
    }

    /** What the twin's own API says of the nodes, rather than what the run remembers. */
    private static RunView withNodes(RunView view, Ports ports) {
        List<Node> nodes = ports.kube().nodes().stream()
                .sorted(java.util.Comparator.comparing((KubeNode node) -> !node.controlPlane())
                        .thenComparing(KubeNode::name))
                .map(node -> new Node(
                        node.name(),
                        node.controlPlane() ? NodeRole.CONTROL_PLANE : NodeRole.WORKER,
                        node.kubelet(),
                        node.schedulable(),
                        node.ready()))
                .toList();
        return view.with(nodes);
    }
}
