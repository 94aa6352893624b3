package dev.belay.cli;

import dev.belay.activities.ClusterInspection;
import dev.belay.activities.Ports;
import dev.belay.activities.RealPorts;
import dev.belay.activities.RepositoryInspection;
import dev.belay.activities.Secrets;
import dev.belay.activities.StepCatalogue;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.plan.Blocker;
import dev.belay.model.plan.CanonicalJson;
import dev.belay.model.plan.ClusterFacts;
import dev.belay.model.plan.Expansion;
import dev.belay.model.plan.Offers;
import dev.belay.model.plan.Plan;
import dev.belay.model.plan.PlanRequest;
import dev.belay.model.plan.PlanResult;
import dev.belay.model.plan.PlannedStep;
import dev.belay.model.plan.Planner;
import dev.belay.model.run.RunStatus;
import dev.belay.model.run.RunView;
import dev.belay.model.run.RunView.HopView;
import dev.belay.model.run.RunView.Node;
import dev.belay.model.run.RunView.PhaseView;
import dev.belay.model.run.RunView.RunbookRef;
import dev.belay.model.run.StepState;
import dev.belay.model.runbook.Phase;
import dev.belay.model.runbook.Purpose;
import dev.belay.model.runbook.Runbook;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A climb as it was planned, with what was seen of the cluster.
 *
 * @param plan null when something stops it so early that no steps follow
 * @param blockers of inspection and planner together
 */
record Planned(
        Runbook runbook,
        ClusterFacts facts,
        ClimbChoice climb,
        @Nullable Plan plan,
        List<Blocker> blockers,
        List<Blocker> warnings) {

    /** Looks at the cluster and at its package repositories, changes nothing, and plans. */
    static Planned of(Runbook runbook, Ports ports, ClimbChoice climb) {
        return of(runbook, ports, climb, minors -> RepositoryInspection.of(ports, minors));
    }

    /** As {@link #of}, through ports that are opened for it and closed again. */
    static Planned of(Runbook runbook, Cluster inventory, Terminal terminal, ClimbChoice climb) {
        try (RealPorts ports = new RealPorts(inventory, new Secrets(terminal.environment()))) {
            return of(runbook, ports, climb);
        }
    }

    /** As {@link #of}, of the twin, whose repositories have every patch: on the way the newest known are taken. */
    static Planned rehearsed(Runbook runbook, Ports ports, ClimbChoice climb) {
        return of(runbook, ports, climb, minors -> Offers.NONE);
    }

    private static Planned of(
            Runbook runbook, Ports ports, ClimbChoice climb, Function<List<String>, Offers> repositories) {
        boolean upgrade = runbook.purpose() == Purpose.UPGRADE;
        ClusterInspection inspection = upgrade ? ClusterInspection.of(ports) : ClusterInspection.evenOfSilentApi(ports);
        PlanRequest request = new PlanRequest(
                runbook,
                ports.inventory(),
                inspection.facts(),
                climb.to(runbook).map(KubernetesVersion::toString).orElse(""),
                climb.via(),
                Offers.NONE,
                climb.inputs(),
                StepCatalogue.shipped().signatures());
        Offers offers =
                upgrade && inspection.reachesHosts() ? repositories.apply(Planner.minors(request)) : Offers.NONE;
        PlanResult result = Planner.plan(request.with(offers));
        List<Blocker> found = inspection.with(result.blockers());
        List<Blocker> told = upgrade ? List.of() : silences(found);
        return new Planned(
                runbook,
                inspection.facts(),
                climb,
                result.plan(),
                found.stream().filter(blocker -> !told.contains(blocker)).toList(),
                Stream.concat(ClusterInspection.together(result.warnings()).stream(), told.stream())
                        .toList());
    }

    /** What gives no answer may be the very thing that maintenance mends: it is told, and its steps find out. */
    private static List<Blocker> silences(List<Blocker> found) {
        return found.stream().filter(ClusterInspection::isSilence).toList();
    }

    List<PlannedStep> steps() {
        return plan == null ? List.of() : Expansion.steps(plan);
    }

    boolean isBlocked() {
        return plan == null || !blockers.isEmpty();
    }

    /** As {@code -o json} prints it. */
    RunView view() {
        List<HopView> hops = plan == null
                ? List.of()
                : plan.hops().stream()
                        .map(hop -> new HopView(hop.from(), hop.to(), pendingPhases()))
                        .toList();
        String digest = plan == null ? CanonicalJson.digest(runbook) : plan.runbookDigest();
        return new RunView(
                null,
                RunStatus.PLANNED,
                facts.name(),
                new RunbookRef(runbook.name(), runbook.version(), digest),
                plan == null ? null : plan.digest(),
                plan == null ? null : plan.signers().approvals(),
                plan == null ? facts.controlPlane() : plan.from(),
                climb.to(runbook).orElse(facts.controlPlane()),
                null,
                facts.nodes().stream()
                        .map(node ->
                                new Node(node.name(), node.role(), node.version(), node.schedulable(), node.ready()))
                        .toList(),
                hops,
                steps().stream().map(PlannedStep::notBegun).toList(),
                List.of(),
                blockers,
                List.of());
    }

    private static List<PhaseView> pendingPhases() {
        return Arrays.stream(Phase.values())
                .map(phase -> new PhaseView(phase, StepState.PENDING))
                .toList();
    }
}
