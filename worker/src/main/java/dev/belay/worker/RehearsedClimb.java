package dev.belay.worker;

import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Plan;
import dev.belay.model.run.Command;
import dev.belay.model.run.CommandKind;
import dev.belay.model.run.Reply;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.RungView;
import dev.belay.model.run.Rung;
import dev.belay.model.run.StepCall;
import dev.belay.model.runbook.Phase;
import dev.belay.twin.Fault;
import dev.belay.workflows.Belay;
import dev.belay.workflows.RunInput;
import dev.belay.workflows.client.NoAnswer;
import dev.belay.workflows.client.RunClient;
import dev.belay.workflows.client.RunReport;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A rehearsed climb that stands where it was broken, and one way back from there. */
final class RehearsedClimb {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SETTLING = Duration.ofMinutes(10);
    private static final Duration LOOKING = Duration.ofMinutes(2);
    /** As a run says that an effect was not taken back, since its step looked first. */
    private static final String REFUSED = "(?s).* undoing .* failed: .*";

    private static final String WHO = "rehearsal";
    private static final String WHY = "to see the way back";

    private final Rehearsal rehearsal;
    private final KubernetesVersion hop;
    private final Phase phase;
    private final Fault fault;
    private final WaysBack ways;
    private final Map<String, String> before;
    private final AtomicReference<Map<String, String>> beforeStep = new AtomicReference<>();

    private RehearsedClimb(Rehearsal rehearsal, KubernetesVersion hop, Phase phase, Fault fault, WaysBack ways) {
        this.rehearsal = rehearsal;
        this.hop = hop;
        this.phase = phase;
        this.fault = fault;
        this.ways = ways;
        this.before = rehearsal.twin().picture();
        rehearsal.twin().onCall(this::look);
    }

    /** Climbs until it stands. */
    static RehearsedClimb of(Rehearsal rehearsal, Plan plan, Phase phase, Fault fault, WaysBack ways) {
        RehearsedClimb climb = new RehearsedClimb(rehearsal, plan.hops().get(0).to(), phase, fault, ways);
        rehearsal.run(RunInput.of(plan, rehearsal.ports().inventory().site(), WHO, WHY, null));
        RunStatus status = climb.await(report ->
                        status(report) == RunStatus.PARKED || status(report).isClosed())
                .view()
                .status();
        if (status != RunStatus.PARKED) {
            throw new IllegalStateException("the climb did not stand at " + fault + ": it ended " + status);
        }
        return climb;
    }

    private void look(StepCall call) {
        boolean here = call.step().equals(fault.step())
                && (fault.node() == null
                        || (call.node() != null && call.node().name().equals(fault.node())));
        if (here && beforeStep.get() == null) {
            beforeStep.compareAndSet(null, rehearsal.twin().picture());
        }
    }

    List<Rung> open() {
        return report().view().rungs().stream()
                .filter(RungView::open)
                .map(RungView::name)
                .toList();
    }

    /** Whoever goes back has looked after what was broken, which took a while. */
    RoundTrip back(Rung rung) {
        rehearsal.twin().mend();
        pass(LOOKING);
        Map<String, String> stood = rehearsal.twin().picture();
        NodeName node = rung == Rung.NODE ? goesBack() : null;
        RunStatus ended = WaysBack.lead(rung) ? led(rung) : commanded(rung, node);
        pass(SETTLING);
        String parked = parked();
        String refused = parked.matches(REFUSED) ? parked : null;
        Comparison comparison = new Comparison(
                rung, node, was(rung, refused, stood), stood, rehearsal.twin().picture());
        boolean arrived = ended == (rung == Rung.STEP ? RunStatus.PARKED : RunStatus.ROLLED_BACK);
        String problem = arrived || refused != null ? null : "it ended " + ended + ": " + parked;
        return new RoundTrip(
                hop,
                phase,
                fault.toString(),
                rung,
                node,
                ended,
                comparison.may(),
                comparison.mustNot(),
                refused,
                problem);
    }

    /** The world to come back to: what a refused way was to leave alone, what a step began with, what a climb began with. */
    private Map<String, String> was(Rung rung, @Nullable String refused, Map<String, String> stood) {
        if (refused != null) {
            return stood;
        }
        return switch (rung) {
            case STEP -> Objects.requireNonNull(beforeStep.get());
            case ETCD_DOWNGRADE -> Comparison.withEtcdOf(before, stood);
            case NODE, HOLD, RESTORE -> before;
        };
    }

    private void pass(Duration time) {
        rehearsal.twin().advanceTo(rehearsal.twin().now().plus(time));
    }

    private String parked() {
        RunView.Parked parked = report().view().parked();
        return parked == null ? "" : parked.step() + " " + parked.why();
    }

    /** The first node that was finished: a worker, or a control plane while those are under way. */
    private NodeName goesBack() {
        RunView view = report().view();
        NodeRole role = phase == Phase.CONTROL_PLANE ? NodeRole.CONTROL_PLANE : NodeRole.WORKER;
        List<NodeName> able = view.nodes().stream()
                .filter(node -> node.role() == role)
                .map(RunView.Node::name)
                .toList();
        return view.effects().stream()
                .map(RunView.Effect::node)
                .filter(Objects::nonNull)
                .filter(able::contains)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no node was changed"));
    }

    private RunStatus commanded(Rung rung, @Nullable NodeName node) {
        Instant stood = Objects.requireNonNull(report().view().parked()).since();
        command(rung, node);
        return status(await(report -> status(report).isClosed() || standsAnew(report, stood)));
    }

    private static boolean standsAnew(RunReport report, Instant before) {
        RunView.Parked parked = report.view().parked();
        return parked != null && parked.since().isAfter(before);
    }

    private RunStatus led(Rung rung) {
        Plan plan = ways.plan(rung, report(), rehearsal.ports().inventory());
        command(rung, null);
        await(report -> status(report).isClosed());
        rehearsal.run(RunInput.of(plan, rehearsal.ports().inventory().site(), WHO, WHY, null));
        return status(await(report -> isOver(status(report))));
    }

    private static boolean isOver(RunStatus status) {
        return status.isClosed() || status == RunStatus.PARKED;
    }

    private void command(Rung rung, @Nullable NodeName node) {
        Command command =
                new Command(UUID.randomUUID().toString(), CommandKind.ROLLBACK, WHO, WHY, null, null, node, null, rung);
        Reply reply = RunClient.command(rehearsal.connection().client(), workflow(), null, command);
        if (!reply.accepted()) {
            throw new IllegalStateException("the rung " + rung.text() + " was refused: " + reply.why());
        }
    }

    private static RunStatus status(RunReport report) {
        return report.view().status();
    }

    private RunReport report() {
        return await(report -> true);
    }

    private RunReport await(Predicate<RunReport> wanted) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            Optional<RunReport> seen = seen().filter(wanted);
            if (seen.isPresent()) {
                return seen.get();
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("the run came to no end in " + PATIENCE.toMinutes() + " minutes");
            }
            rest();
        }
    }

    private Optional<RunReport> seen() {
        try {
            return Optional.of(RunClient.report(rehearsal.connection().client(), workflow(), null));
        } catch (NoAnswer | WorkflowException notYet) {
            return Optional.empty();
        }
    }

    private String workflow() {
        return Belay.workflowId(rehearsal.ports().inventory().name());
    }

    private static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the rehearsal is over", e);
        }
    }
}
