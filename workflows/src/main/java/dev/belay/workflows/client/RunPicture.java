package dev.belay.workflows.client;

import dev.belay.model.kubernetes.Hop;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlannedStep;
import dev.belay.model.run.LedgerEntry;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.Effect;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.Parked;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.RunView.RunbookRef;
import dev.belay.model.run.StepRecord;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.StepSignature;
import dev.belay.workflows.HopState;
import dev.belay.workflows.NextCommands;
import dev.belay.workflows.NodeState;
import dev.belay.workflows.Notice;
import dev.belay.workflows.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Composes what run, hops and nodes say of themselves into one view. Pure. */
final class RunPicture {

    private final RunState run;
    private final Plan plan;
    private final @Nullable Ending lost;
    private final Map<String, HopState> hops = new LinkedHashMap<>();
    private final Map<String, StepRecord> records = new LinkedHashMap<>();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private final List<StepRecord> steps;
    private final Ladder ladder;

    /** How and when Temporal ended a run that could not say so itself. */
    record Ending(String how, Instant at) {}

    /** {@code lost}: null when the run itself knows how it stands; {@code etcdBackBy}: null when no run has taken etcd back since. */
    RunPicture(
            RunState run,
            List<HopState> hops,
            List<NodeState> nodes,
            @Nullable Ending lost,
            @Nullable String etcdBackBy) {
        this.run = run;
        this.plan = run.plan();
        this.lost = lost;
        for (HopState hop : hops) {
            this.hops.put(hop.hop().to().toString(), hop);
            hop.steps().forEach(this::put);
            ledger.addAll(hop.ledger());
        }
        for (NodeState node : nodes) {
            node.steps().forEach(this::put);
            ledger.addAll(node.ledger());
        }
        this.steps = composed();
        this.ladder = new Ladder(run, List.copyOf(this.hops.values()), ledger, steps, etcdBackBy);
    }

    private RunView view() {
        return new RunView(
                run.run(),
                lost == null ? run.status() : RunStatus.ABORTED,
                plan.cluster().name(),
                new RunbookRef(plan.runbook().name(), plan.runbook().version(), plan.runbookDigest()),
                plan.digest(),
                plan.signers().approvals(),
                plan.from(),
                plan.to(),
                parked(),
                NodesSeen.of(plan, steps),
                plan.hops().stream().map(hop -> hopView(hop, steps)).toList(),
                steps,
                effects(),
                List.of(),
                lost == null ? ladder.rungs() : List.of());
    }

    /** The view, and what stands beside it. */
    RunReport report() {
        return new RunReport(run, view(), undoable(), ladder.current(), ladder.snapshot());
    }

    private @Nullable Parked parked() {
        if (lost != null) {
            String why = lost.how() + ": nothing was undone, all is left standing";
            return new Parked(lost.at(), plan.to().toString(), null, why, List.of(again()));
        }
        for (Notice.Kind kind : List.of(Notice.Kind.PARKED, Notice.Kind.AWAITING_APPROVAL)) {
            for (Notice notice : run.waiting()) {
                if (notice.kind() == kind) {
                    List<String> next = NextCommands.of(run.run(), notice, run.aborting());
                    return new Parked(notice.since(), notice.step(), notice.node(), why(notice), next);
                }
            }
        }
        return null;
    }

    private String again() {
        return "belay plan runbooks/" + plan.runbook().name() + ".yaml"
                + (plan.changesVersions() ? " --to " + plan.to() : "");
    }

    private String why(Notice notice) {
        Notice.Ask ask = notice.ask();
        if (ask != null) {
            return notice.why() + " (" + ask.standing(plan.signers()) + ")";
        }
        if (notice.failure() == null) {
            return notice.why();
        }
        String next = notice.failure().next();
        return notice.why() + " [" + notice.failure().code() + "]" + (next.isEmpty() ? "" : " " + next);
    }

    private List<StepRecord> composed() {
        List<StepRecord> steps = new ArrayList<>();
        for (PlannedStep step : Expansion.steps(plan)) {
            StepRecord record = records.remove(key(step.hop(), step.node(), step.id()));
            steps.add(record == null ? step.notBegun() : record);
        }
        records.values().stream()
                .filter(record -> record.state() == StepState.PARKED)
                .forEach(steps::add);
        return steps;
    }

    private HopView hopView(Hop hop, List<StepRecord> steps) {
        HopState state = hops.get(hop.to().toString());
        List<PhaseView> phases = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            StepState known = state == null ? StepState.PENDING : state.phases().getOrDefault(phase, StepState.PENDING);
            phases.add(new PhaseView(phase, known == StepState.RUNNING ? underWay(hop, phase, steps) : known));
        }
        return new HopView(hop.from(), hop.to(), phases);
    }

    /** A phase that is not done is what its steps are; one that the run left is what the end of the run made of it. */
    private StepState underWay(Hop hop, Phase phase, List<StepRecord> steps) {
        if (run.status() == RunStatus.ABORTED && run.aborting()) {
            return StepState.UNDONE;
        }
        for (StepState state : List.of(StepState.PARKED, StepState.WAITING)) {
            boolean any = steps.stream()
                    .filter(step -> step.hop().equals(hop.to()) && step.phase() == phase)
                    .anyMatch(step -> step.state() == state);
            if (any) {
                return state;
            }
        }
        return lost != null || run.status().isClosed() ? StepState.PARKED : StepState.RUNNING;
    }

    private List<Effect> effects() {
        List<LedgerEntry> armed = ledger.stream()
                .filter(entry -> entry.state() != LedgerEntry.State.VOID)
                .sorted(Comparator.comparing(LedgerEntry::armedAt))
                .toList();
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : armed) {
            effects.add(new Effect(effects.size() + 1, entry.step(), entry.node(), action(entry)));
        }
        return effects;
    }

    /** What an abort would take back, the newest first. */
    private List<LedgerEntry> undoable() {
        return ledger.stream()
                .filter(entry -> entry.isOpen() && entry.call() != null)
                .filter(entry -> Optional.ofNullable(plan.signatures().get(entry.uses()))
                        .filter(StepSignature::undoable)
                        .isPresent())
                .sorted(Comparator.comparing(LedgerEntry::armedAt).reversed())
                .toList();
    }

    private static String action(LedgerEntry entry) {
        return switch (entry.state()) {
            case UNDONE -> entry.action() + ", undone";
            case LEFT -> entry.action() + ", left by decision";
            case ARMED -> entry.action() + " (not confirmed)";
            default -> entry.action();
        };
    }

    private void put(StepRecord record) {
        records.put(key(record.hop(), record.node(), record.id()), record);
    }

    private static String key(Object hop, @Nullable Object node, String id) {
        return hop + "/" + node + "/" + id;
    }
}
